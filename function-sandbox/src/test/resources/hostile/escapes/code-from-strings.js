// {"outcomes": ["ok"], "body": "contained"}
const makers = [Function, (async () => {}).constructor, (function* () {}).constructor, (async function* () {}).constructor, [].map.constructor,
  Response.constructor, (class {}).constructor, fetch.constructor, setTimeout.constructor, Headers.prototype.get.constructor];
export default { async fetch() {
  const through = [];
  for (const maker of makers) { try { maker("return 1")(); through.push(maker.name); } catch {} try { new maker("return 1"); through.push(maker.name); } catch {} }
  try { eval("1 + 1") === 2 && through.push("eval"); } catch {}
  try { (0, eval)("1 + 1") === 2 && through.push("indirect eval"); } catch {}
  globalThis.hit = false;
  try { setTimeout("globalThis.hit = true", 0); } catch {}
  try { setInterval("globalThis.hit = true", 1); } catch {}
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (globalThis.hit) through.push("timer");
  return new Response(through.join() || "contained");
} };
