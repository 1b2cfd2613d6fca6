// A page of 1 KiB is fetched (Verge has it in its cache, workerd asks the origin) and gets a field.
export default {
  async fetch(request) {
    const page = await fetch(request);
    const answer = new Response(page.body, page);
    answer.headers.set('x-by', 'function');
    return answer;
  },
};
