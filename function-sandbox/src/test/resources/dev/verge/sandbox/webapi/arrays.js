const long = Uint8Array.from({ length: 300 }, (_, i) => i);
check('a slice is a copy of the part that its indices name', async () => {
  for (const [start, end, from, to] of [[undefined, undefined, 0, 300], [10, undefined, 10, 300], [-100, -1, 200, 299],
    [2.9, 299.9, 2, 299], [NaN, 100, 0, 100], [-Infinity, Infinity, 0, 300], [200, 100, 200, 200], ['5', '95', 5, 95]]) {
    const part = long.slice(start, end);
    same([part.length, part[0], part.at(-1), part.constructor.name, part.byteOffset], [to - from, to > from ? from & 255 : undefined,
      to > from ? (to - 1) & 255 : undefined, 'Uint8Array', 0]);
  }
  const part = long.slice();
  part[0] = 99;
  same([long[0], part.buffer.byteLength], [0, 300]);
});
check('every kind of array has slices of its kind, from within its buffer', async () => {
  const buffer = new ArrayBuffer(2048);
  for (const kind of [Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
    BigInt64Array, BigUint64Array]) {
    const array = new kind(buffer, 64, 120);
    array[101] = kind.name.startsWith('Big') ? 7n : 7;
    const part = array.slice(100, 110);
    const large = array.slice(20, 110);
    same([part.length, String(part[1]), large.length, String(large[81]), large instanceof kind], [10, '7', 90, '7', true]);
    array[101] = kind.name.startsWith('Big') ? 0n : 0;
  }
});
check('a subclass and its species decide what a slice is', async () => {
  class Mine extends Uint8Array {}
  same(new Mine(200).slice(10) instanceof Mine, true);
  class Other extends Uint8Array { static get [Symbol.species]() { return Uint16Array; } }
  same(new Other(200).fill(3).slice(10).constructor.name, 'Uint16Array');
  const own = new Uint8Array(200);
  own.constructor = Mine;
  same(own.slice() instanceof Mine, true);
  same([Uint8Array.prototype.slice.name, Uint8Array.prototype.slice.length], ['slice', 2]);
});
check('indices are converted as the standard says, and what is no array is refused', async () => {
  const order = [];
  long.slice({ valueOf() { order.push('start'); return 0; } }, { valueOf() { order.push('end'); return 100; } });
  same(order, ['start', 'end']);
  await fails('TypeError', () => Uint8Array.prototype.slice.call([1, 2]));
  await fails('TypeError', () => Uint8Array.prototype.slice.call(new DataView(new ArrayBuffer(200))));
  await fails('TypeError', () => long.slice(0n));
  await fails('TypeError', () => new Uint8Array(200).slice(Symbol.iterator));
  const gone = new Uint8Array(200);
  structuredClone(gone, { transfer: [gone.buffer] });
  await fails('TypeError', () => gone.slice());
});
/** No global names it. */
const { constructor: SharedArrayBuffer } = new WebAssembly.Memory({ shared: true, initial: 0, maximum: 0 }).buffer;
check('shared memory is read where the standards allow it, and refused elsewhere', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  shared.set([104, 105]);
  const two = shared.subarray(0, 2);
  same([new TextDecoder().decode(two), new TextDecoder('gbk').decode(two), new TextDecoder().decode(new SharedArrayBuffer(1))], ['hi', 'hi', '\0']);
  same([new TextEncoder().encodeInto('yes', shared).written, shared[2]], [3, 115]);
  const stream = ReadableStream.from([two]).pipeThrough(new TextDecoderStream());
  same(await read(stream), ['ye']);
  same(await new Response(new SharedArrayBuffer(1)).text(), '[object SharedArrayBuffer]');
  await fails('TypeError', () => new Response(shared));
  await fails('TypeError', () => new Blob([shared]));
  await fails('TypeError', () => crypto.getRandomValues(shared));
  await fails('TypeError', () => crypto.subtle.digest('SHA-256', shared));
  await fails('TypeError', () => read(ReadableStream.from([shared]).pipeThrough(new CompressionStream('gzip'))));
  await fails('TypeError', () => new ReadableStream({ type: 'bytes' }).getReader({ mode: 'byob' }).read(shared));
  await fails('DataCloneError', () => structuredClone(shared));
  await fails('DataCloneError', () => structuredClone(0, { transfer: [shared.buffer] }));
  same([typeof Atomics, typeof globalThis.SharedArrayBuffer], ['undefined', 'undefined']);
});
check('a shared WebAssembly memory belongs to scripts', async () => {
  const memory = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 2 });
  same([memory.buffer instanceof SharedArrayBuffer, memory.buffer === memory.buffer, memory.buffer.byteLength, memory.grow(0)], [true, true, 65536, 1]);
  same([memory instanceof WebAssembly.Memory, WebAssembly.Memory.name, new WebAssembly.Memory({ initial: 1 }).buffer instanceof ArrayBuffer],
    [true, 'Memory', true]);
  await fails('RangeError', () => memory.grow(1));
  await fails('TypeError', () => new WebAssembly.Memory({ shared: true, initial: 1 }));
  await fails('RangeError', () => new WebAssembly.Memory({ shared: true, initial: 2, maximum: 1 }));
  await fails('RangeError', () => new WebAssembly.Memory({ shared: true, initial: 65536, maximum: 65536 }));
  const plain = new WebAssembly.Memory({ initial: 1 });
  same([plain.grow(1), plain.buffer.byteLength], [1, 131072]);
});
check('what was detached is empty', async () => {
  const view = bytes(104, 105);
  structuredClone(view, { transfer: [view.buffer] });
  same([new TextDecoder().decode(view), new TextDecoder().decode(view.buffer), await new Response(view).text()], ['', '', '']);
});
check('buffers that change their length are refused (WebIDL without [AllowResizable])', async () => {
  const resizable = new ArrayBuffer(4, { maxByteLength: 8 });
  await fails('TypeError', () => new Response(new Uint8Array(resizable)));
  await fails('TypeError', () => new Blob([resizable]));
  await fails('TypeError', () => new TextDecoder().decode(new SharedArrayBuffer(4, { maxByteLength: 8 })));
  same(structuredClone(resizable).maxByteLength, 8);
});
