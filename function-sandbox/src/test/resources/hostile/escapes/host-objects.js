// {"outcomes": ["ok"], "body": "contained"}
const probes = ["getClass", "class", "wait", "notify", "hashCode", "clone", "finalize", "getDeclaringClass", "getClassLoader", "forName", "static", "getMember", "executeVoid", "apply$", "newInstance"];
export default { async fetch(request, env, ctx) {
  const through = [], seen = new Set();
  const look = (value, path, depth) => {
    if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value) || depth > 6) return;
    seen.add(value);
    for (const probe of probes) { let got; try { got = value[probe]; } catch { continue; } if (typeof got === "function" && !(probe === "clone") || (probe === "class" && got !== undefined)) through.push(path + "." + probe); }
    let keys = []; try { keys = Reflect.ownKeys(value); } catch { through.push(path + " cannot be read"); }
    for (const key of keys) { let d; try { d = Reflect.getOwnPropertyDescriptor(value, key); } catch { continue; } if (!d) continue; look(d.value, path + "." + String(key), depth + 1); look(d.get, path + ".get " + String(key), depth + 1); try { look(value[key], path + "." + String(key), depth + 1); } catch {} }
    try { look(Object.getPrototypeOf(value), path + ".__proto__", depth + 1); } catch {}
  };
  look(globalThis, "globalThis", 0); look(request, "request", 0); look(env, "env", 0); look(ctx, "ctx", 0);
  look(new Response(new ReadableStream({ pull(c) { c.close(); } })), "response", 0);
  try { await fetch("http://site.example/"); } catch (e) { look(e, "error", 0); }
  try { null.x; } catch (e) { look(e, "error", 0); }
  try { crypto.getRandomValues(1); } catch (e) { look(e, "error", 0); }
  try { new URL("::"); } catch (e) { look(e, "error", 0); }
  return new Response(through.slice(0, 20).join() || "contained");
} };
