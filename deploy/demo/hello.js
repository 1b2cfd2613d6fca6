// The demo's function: greets, and shows that it can reach its own site.
// Change it and push it again with:  verge deploy deploy/demo/hello.js --name hello
export default {
  async fetch(request) {
    const url = new URL(request.url);
    const name = url.searchParams.get("name") ?? "world";
    const answer = { hello: name, path: url.pathname };
    if (url.searchParams.has("products")) {
      // Goes through this site's cache and balancer, like a request from outside.
      const response = await fetch(new URL("/api/products", url));
      answer.products = (await response.json()).length;
    }
    return new Response(JSON.stringify(answer) + "\n", {
      headers: { "content-type": "application/json", "x-greeted": name },
    });
  },
};
