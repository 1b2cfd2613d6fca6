// {"outcomes": ["ok"], "body": "contained"}
export default { fetch() { const through = []; try { new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }).buffer.constructor.name === "SharedArrayBuffer" && through.push("wasm"); } catch {} try { new SharedArrayBuffer(1); through.push("sab"); } catch {} return new Response(through.join() || "contained"); } };
