// {"outcomes": ["bad-response", "threw", "ok"]}
export default { fetch: () => new Proxy(new Response("x"), { get(t, k) { throw new Error("no " + String(k)); } }) };
