// {"outcomes": ["ok", "threw", "bad-response"], "then": "contained"}
const stolen = [];
const steal = (where) => function (...given) { for (const one of [this, ...given]) if (one !== null && (typeof one === "object" || typeof one === "function")) stolen.push([where, one]); return undefined; };
export default { async fetch(request) {
  const names = ["push", "map", "forEach", "join", "slice", "shift", "indexOf", "filter", "concat"], kept = {};
  for (const name of names) { kept[name] = Array.prototype[name]; Object.defineProperty(Array.prototype, name, { configurable: true, writable: true, value: function (...a) { if (this && this.__host) throw 1; return kept[name].apply(this, a); } }); }
  const then = Promise.prototype.then; Promise.prototype.then = function (a, b) { steal("then").call(this); return then.call(this, a, b); };
  const get = Map.prototype.get; Map.prototype.get = function (k) { steal("get").call(this, k); return get.call(this, k); };
  const call = Function.prototype.call; const apply = Function.prototype.apply;
  try { const r = new Response("x", { headers: { a: "b" } }); await r.text(); new Headers({ a: "b" }).get("a"); await fetch("http://site.example/").catch(() => {}); }
  finally { Promise.prototype.then = then; Map.prototype.get = get; for (const name of names) Array.prototype[name] = kept[name]; }
  const wrong = stolen.filter(([, one]) => typeof one.getClass === "function" || (one.subrequest ?? one.respond ?? one.primitives) !== undefined);
  return new Response(wrong.length ? "stolen " + wrong.map(([w]) => w) : "contained");
} };
