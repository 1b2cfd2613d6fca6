// Documents and code that new things begin with.

export const SITE_TEMPLATES = [
  {
    name: "One origin",
    text: "Everything from one server, cached as it says.",
    make: (site, host, origin) => `site: ${site}
hosts: [${host}]
pools:
  app:
    origins:
      - {url: "${origin}"}
`,
  },
  {
    name: "Balanced with health checks",
    text: "Two servers, probed; the faster one gets more.",
    make: (site, host, origin) => `site: ${site}
hosts: [${host}]
pools:
  app:
    method: peak-ewma
    origins:
      - {url: "${origin}"}
      - {url: "${origin}", role: backup}
    healthCheck: {path: /, interval: 5s, timeout: 2s}
    retries: {attempts: 2}
`,
  },
  {
    name: "Static files and an API",
    text: "Files kept for a day, the API never cached and limited by client.",
    make: (site, host, origin) => `site: ${site}
hosts: [${host}]
pools:
  app:
    origins:
      - {url: "${origin}"}
cache:
  stale: {whileRevalidate: 60s, ifError: 10m}
rules:
  - name: api
    when: {path: "/api/*"}
    do:
      - rateLimit: {requests: 50, per: 1s, burst: 100, by: client-ip}
      - bypassCache: true
  - name: static
    when: {path: "/static/*"}
    do:
      - cache: {edgeTtl: {mode: override, default: 1d}}
`,
  },
];

function greeting(request, result) {
  return `export default {
  async fetch(${request}, env, ctx)${result} {
    const url = new URL(request.url);
    return new Response(\`Hello from the edge, \${url.pathname}\\n\`, {
      headers: { "content-type": "text/plain" },
    });
  },
};
`;
}

/** By the media type of their module. */
export const FUNCTION_TEMPLATES = {
  "application/javascript": { label: "JavaScript", code: greeting("request", "") },
  "application/typescript": { label: "TypeScript", code: greeting("request: Request", ": Promise<Response>") },
};
