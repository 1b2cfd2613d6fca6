// Lets through who holds a JSON Web Token signed with TOKEN_KEY (HS256, RFC 7519); the origin learns who it is in X-User.
import { verified } from "./lib/jwt.js";

/** @type {ExportedHandler} */
export default {
  async fetch(request, env) {
    const token = /^Bearer ([\w.-]+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const claims = token === undefined ? null : await verified(token, env.TOKEN_KEY, Date.now() / 1000);
    if (claims === null) {
      const hint = `Bearer realm="${env.REALM}"` + (token === undefined ? "" : ', error="invalid_token"');
      return new Response("This needs a valid token.\n", { status: 401, headers: { "www-authenticate": hint, "cache-control": "no-store" } });
    }
    const asked = new Request(request);
    asked.headers.delete("authorization");
    asked.headers.set("x-user", String(claims.sub ?? ""));
    return fetch(asked);
  },
};
