// {"outcomes": ["ok"], "body": "contained"}
const names = ["Java", "Polyglot", "Packages", "java", "javax", "com", "org", "edu", "Graal", "load", "loadWithNewGlobal", "print", "printErr", "read",
  "readFully", "readline", "readbuffer", "quit", "exit", "process", "require", "module", "global", "Deno", "Bun", "host", "shared", "$vm", "Debug",
  "SharedArrayBuffer", "Atomics", "XMLHttpRequest", "importScripts", "Worker", "WebSocket", "JavaImporter", "JavaAdapter", "Debugger", "arguments"];
export default { fetch: () => new Response(names.filter((name) => name in globalThis).join() || "contained") };
