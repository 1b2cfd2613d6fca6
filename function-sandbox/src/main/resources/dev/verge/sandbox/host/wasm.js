// WebAssembly Web API (§4): compilation of what a Response brings. The rest of WebAssembly is the engine's.

/** The bytes of a Response of WebAssembly, or of a promise of one. */
async function wasmBytes(source) {
  const response = await source;
  if (!(response instanceof Response)) throw new TypeError('WebAssembly: a Response is needed');
  if (!/^[\t ]*application\/wasm[\t ]*$/i.test(response.headers.get('content-type') ?? '')) {
    throw new TypeError('WebAssembly: the content type must be application/wasm');
  }
  if (!response.ok) throw new TypeError(`WebAssembly: the status is ${response.status}`);
  return response.arrayBuffer();
}

for (const [name, streaming] of Object.entries({
  compileStreaming: { async compileStreaming(source) { return WebAssembly.compile(await wasmBytes(source)); } }.compileStreaming,
  instantiateStreaming: {
    async instantiateStreaming(source, imports) { return WebAssembly.instantiate(await wasmBytes(source), imports); },
  }.instantiateStreaming,
})) {
  Object.defineProperty(streaming, 'length', { value: 1 });
  Object.defineProperty(WebAssembly, name, { value: streaming, writable: true, enumerable: true, configurable: true });
}
