// {"outcomes": ["ok"], "body": "contained"}
const places = ["file:///etc/passwd", "/etc/passwd", "../../../../etc/passwd", "/proc/self/environ", "file:///proc/self/maps", "../x", "./..", ".", "",
  "http://127.0.0.1/x.js", "https://example.com/x.js", "data:text/javascript,export default 1", "node:fs", "fs", "java:java.lang.System", "polyglot:js",
  "jar:file:/x.jar!/y.js", "verge:bootstrap", "\0", "main.js\0.txt", "./main.js/../../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "\\etc\\passwd", "blob:x"];
export default { async fetch() {
  const through = [];
  for (const place of places) { try { await import(place); through.push(place); } catch {} for (const type of ["json", "text", "bytes"]) { try { await import(place, { with: { type } }); through.push(place); } catch {} }}
  return new Response(through.join() || "contained");
} };
