// {"outcomes": ["ok"], "body": "contained"}
const through = [];
class Back { constructor(o) { return o; } }
class Stamp extends Back { #x = 1; static has(o) { return #x in o; } }
export default { async fetch(request, env) {
  for (const [name, one] of Object.entries({ request, headers: request.headers, response: new Response(), url: new URL("http://a/") })) { for (const key of Reflect.ownKeys(one)) if (String(key).startsWith("_")) through.push(name + " has " + String(key)); }
  try { env.constructor.constructor("return 1")(); through.push("env"); } catch {}
  try { Object.getPrototypeOf(request).clone.call({}); through.push("clone of a plain object"); } catch {}
  try { Headers.prototype.get.call({}, "a"); through.push("get of a plain object"); } catch {}
  try { ReadableStream.prototype.getReader.call({}); through.push("reader of a plain object"); } catch {}
  return new Response(through.join() || "contained");
} };
