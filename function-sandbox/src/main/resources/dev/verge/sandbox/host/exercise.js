// What most functions do: read a URL and headers, make JSON, answer.
export default {
  async fetch(request, env, ctx) {
    const url = new URL(request.url);
    const item = Number(url.searchParams.get('item') ?? 0);
    const headers = new Headers({ 'content-type': 'application/json', 'x-name': env.NAME });
    for (const [name, value] of request.headers) if (name.startsWith('a')) headers.append('x-seen', value.slice(0, 10));
    if (item % 3 === 0) return new Response('hello ' + item, { headers });
    if (item % 3 === 1) return Response.json({ item, path: url.pathname, agent: request.headers.get('user-agent') });
    const text = JSON.stringify({ list: Array.from({ length: 20 }, (_, i) => ({ i, name: 'n' + i })) });
    const parsed = JSON.parse(text);
    await Promise.resolve();
    return new Response(new TextEncoder().encode(parsed.list.map((one) => one.name).join()), { status: 201 });
  },
};
