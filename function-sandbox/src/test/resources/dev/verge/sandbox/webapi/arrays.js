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
