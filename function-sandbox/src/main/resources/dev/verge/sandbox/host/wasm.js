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

// A shared memory (WebAssembly threads, §Memory) of the engine would be native memory, which nothing bounds. Scripts get one that stays with
// them: no module can import it, and it does not grow.
{
  const { Memory } = WebAssembly;
  const engines = Object.getOwnPropertyDescriptors(Memory.prototype);
  const buffers = new WeakMap();
  /** Of all shared memory of a host there are 16 MiB. */
  const MAX_PAGES = 128;
  const made = function (descriptor) {
    if (new.target === undefined) throw new TypeError('WebAssembly.Memory: use new');
    if (!isObject(descriptor) || !descriptor.shared) return Reflect.construct(Memory, arguments, new.target);
    const { initial, maximum } = descriptor;
    const pages = Math.trunc(Number(initial));
    if (maximum === undefined || !(pages >= 0)) throw new TypeError('WebAssembly.Memory: a shared memory needs initial and maximum');
    const memory = Reflect.construct(Memory, [{ initial: 0, maximum }], new.target);
    if (pages > maximum || pages > MAX_PAGES) throw new RangeError('WebAssembly.Memory: more than may be shared');
    buffers.set(memory, Object.freeze(new SharedArrayBuffer(pages * 65536)));
    return memory;
  };
  Object.defineProperties(made, { name: { value: 'Memory' }, length: { value: 1 } });
  Object.defineProperty(made, 'prototype', { value: Memory.prototype, writable: false });
  Object.defineProperty(Memory.prototype, 'constructor', { value: made, writable: true, configurable: true });
  Object.defineProperty(Memory.prototype, 'buffer', {
    ...engines.buffer,
    get: Object.getOwnPropertyDescriptor({ get buffer() { return buffers.get(this) ?? apply(engines.buffer.get, this, []); } }, 'buffer').get,
  });
  Object.defineProperty(Memory.prototype, 'grow', {
    ...engines.grow,
    value: {
      grow(delta) {
        const held = buffers.get(this);
        if (held === undefined) return apply(engines.grow.value, this, arguments);
        if (Number(delta) !== 0) throw new RangeError('WebAssembly.Memory.grow: a shared memory does not grow here');
        return held.byteLength / 65536;
      },
    }.grow,
  });
  Object.defineProperty(WebAssembly, 'Memory', { value: made, writable: true, enumerable: false, configurable: true });
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
