// One answer out of three origins, asked at the same time. Without the product there is no answer; the others may be missing.
import { ask } from "./lib/ask.js";

/** @type {ExportedHandler} */
export default {
  async fetch(request, env) {
    const id = /^\/products\/([\w-]{1,64})$/.exec(new URL(request.url).pathname)?.[1];
    if (!id) {
      return Response.json({ error: "ask for /products/ID" }, { status: 404 });
    }
    const patience = Number(env.TIMEOUT_MS);
    const [product, price, reviews] = await Promise.all([
      ask(env.PRODUCT_URL.replace("{id}", id), patience),
      ask(env.PRICE_URL.replace("{id}", id), patience),
      ask(env.REVIEWS_URL.replace("{id}", id), patience),
    ]);
    if (product.value === null) {
      return Response.json({ error: `no product ${id}: ${product.problem}` }, { status: product.status === 404 ? 404 : 502 });
    }
    const missing = Object.entries({ price, reviews }).filter(([, part]) => part.value === null).map(([name]) => name);
    return Response.json(
      { ...product.value, price: price.value, reviews: reviews.value ?? [], missing },
      // A whole answer may be kept for a minute, one with holes in it for a moment.
      { headers: { "cache-control": `public, max-age=${missing.length === 0 ? 60 : 2}` } },
    );
  },
};
