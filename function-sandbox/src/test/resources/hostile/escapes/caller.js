// {"outcomes": ["ok"], "body": "contained"}
export default { fetch() {
  const through = [];
  const spy = { get a() { try { if (spyFunction.caller) through.push("caller"); } catch {} return "b"; } };
  function spyFunction() { try { return spyFunction.caller; } catch { return null; } }
  try { new Headers(new Proxy({ a: "b" }, { get: (t, k) => { const c = spyFunction(); if (c) through.push("caller of " + String(k)); return t[k]; }, ownKeys: (t) => Reflect.ownKeys(t) })); } catch {}
  try { spyFunction.call(spy).arguments; } catch {}
  return new Response(through.join() || "contained");
} };
