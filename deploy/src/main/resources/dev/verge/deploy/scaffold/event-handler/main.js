// Takes events with an image (an upload, a webhook), answers at once, and does the work after the answer: measures the image,
// decides on its thumbnail, and keeps a record. A schedule sums up.
import { sizeOf, thumbnail } from "./lib/image.js";
import { signed } from "./lib/signature.js";

const MOST_BYTES = 8 << 20;

/** @type {ExportedHandler} */
export default {
  async fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (request.method === "GET") {
      const record = await env.IMAGES.get(url.pathname.slice(1) || "summary", "json");
      return record === null ? Response.json({ error: "not known (yet)" }, { status: 404 }) : Response.json(record);
    }
    if (request.method !== "POST" || Number(request.headers.get("content-length") ?? 0) > MOST_BYTES) {
      return Response.json({ error: "POST an image of at most 8 MiB" }, { status: request.method === "POST" ? 413 : 405 });
    }
    const bytes = new Uint8Array(await request.arrayBuffer());
    if (!(await signed(bytes, request.headers.get("x-signature") ?? "", env.EVENT_KEY))) {
      return Response.json({ error: "X-Signature is not the HMAC-SHA-256 of the body" }, { status: 401 });
    }
    const size = sizeOf(bytes);
    if (size === null) {
      return Response.json({ error: "neither PNG nor JPEG nor GIF" }, { status: 415 });
    }
    const id = crypto.randomUUID();
    const record = { id, bytes: bytes.length, ...size, thumbnail: thumbnail(size, Number(env.LARGEST)) };
    ctx.waitUntil(env.IMAGES.put(id, JSON.stringify(record), { metadata: { bytes: bytes.length } }));
    return Response.json(record, { status: 202, headers: { location: `/${id}` } });
  },

  async scheduled(event, env) {
    const { keys } = await env.IMAGES.list();
    const images = keys.filter((/** @type {KVKey} */ key) => key.name !== "summary");
    const bytes = images.reduce((/** @type {number} */ sum, /** @type {any} */ key) => sum + (key.metadata?.bytes ?? 0), 0);
    await env.IMAGES.put("summary", JSON.stringify({ images: images.length, bytes, at: event.scheduledTime }));
    console.log(`${images.length} images, ${bytes} bytes`);
  },
};
