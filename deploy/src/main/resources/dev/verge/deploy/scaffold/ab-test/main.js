// Shows part of the visitors another variant, and each of them always the same one. The origin sees it in X-Variant.
import { variantOf, visitorOf } from "./lib/visitor.js";

/** @type {ExportedHandler} */
export default {
  async fetch(request, env) {
    const known = visitorOf(request);
    const visitor = known ?? crypto.randomUUID();
    const variant = await variantOf(env.EXPERIMENT, visitor, Number(env.SHARE));
    const asked = new Request(request);
    asked.headers.set("x-variant", variant);
    // Each variant is an object of its own in the cache.
    const cacheKey = new URL(request.url).pathname + "#" + variant;
    const answered = await fetch(asked, { verge: { cacheKey } });
    const response = new Response(answered.body, answered);
    response.headers.set("x-variant", variant);
    if (known === null) {
      response.headers.append("set-cookie", `visitor=${visitor}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`);
    }
    console.log(JSON.stringify({ experiment: env.EXPERIMENT, variant, fresh: known === null }));
    return response;
  },
};
