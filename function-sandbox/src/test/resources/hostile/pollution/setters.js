// {"outcomes": ["ok", "threw", "bad-response", "over-cpu"], "then": "clean"}
for (const name of ["then", "value", "done", "body", "url", "method", "constructor", "length", "0"]) Object.defineProperty(Object.prototype, name, { configurable: true, get() { throw new Error("trap " + name); }, set() { throw new Error("trap " + name); } });
export default { fetch: () => new Response("x") };
