// One service for many tenants: who it is for follows from the host (acme.service.example) or, where there is one host, from the
// first part of the path. Each tenant has settings and notes that no other one sees.
import { tenantOf } from "./lib/tenant.js";

/** @type {ExportedHandler} */
export default {
  async fetch(request, env) {
    const { tenant, path } = tenantOf(new URL(request.url));
    const settings = tenant === null ? null : await env.TENANTS.get(`${tenant}/settings`, "json");
    if (tenant === null || settings === null) {
      return Response.json({ error: "no such tenant" }, { status: 404 });
    }
    if (request.headers.get("x-api-key") !== settings.key) {
      return Response.json({ error: "X-Api-Key is not this tenant's" }, { status: 403 });
    }
    const name = /^\/notes\/([\w-]{1,64})$/.exec(path)?.[1];
    if (name === undefined) {
      const { keys } = await env.TENANTS.list({ prefix: `${tenant}/notes/` });
      const notes = keys.map((/** @type {KVKey} */ key) => key.name.slice(`${tenant}/notes/`.length));
      return Response.json({ tenant, plan: settings.plan, notes });
    }
    // The tenant is part of every key, put there in this one place and never by a client.
    const key = `${tenant}/notes/${name}`;
    switch (request.method) {
      case "PUT": {
        const text = await request.text();
        if (text.length > settings.longestNote) {
          return Response.json({ error: `longer than the ${settings.longestNote} characters of plan ${settings.plan}` }, { status: 413 });
        }
        await env.TENANTS.put(key, text);
        return new Response(null, { status: 204 });
      }
      case "GET": {
        const text = await env.TENANTS.get(key);
        return text === null ? Response.json({ error: "no such note" }, { status: 404 }) : new Response(text);
      }
      case "DELETE":
        await env.TENANTS.delete(key);
        return new Response(null, { status: 204 });
      default:
        return new Response(null, { status: 405, headers: { allow: "GET, PUT, DELETE" } });
    }
  },
};
