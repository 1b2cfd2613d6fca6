// %TypedArray%.prototype.slice (ECMA-262 §23.2.3.27): the engine's own copies element by element, at 100 times the cost of copying the
// bytes at once. So this does where nobody can tell the difference, and leaves everything else to the engine.
{
  const TypedArray = Object.getPrototypeOf(Uint8Array);
  const { prototype } = TypedArray;
  const { slice: engines, set } = prototype;
  const getter = (object, key) => Object.getOwnPropertyDescriptor(object, key).get;
  const [tagOf, bufferOf, offsetOf, lengthOf] =
    [Symbol.toStringTag, 'buffer', 'byteOffset', 'length'].map((key) => getter(prototype, key));
  const speciesOf = getter(TypedArray, Symbol.species);
  const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn } = Object;
  const { species } = Symbol;
  const { max, min, trunc } = Math;
  const kinds = Object.assign(Object.create(null), Object.fromEntries([Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array,
    Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array].map((kind) => [kind.name, kind])));
  /** Fewer elements are not worth the look. */
  const FEW = 64;

  /** Whether a slice of this is a plain array of the kind, whatever scripts have changed. */
  const isPlain = (array, kind) => getPrototypeOf(array) === kind.prototype && !hasOwn(array, 'constructor')
    && getOwnPropertyDescriptor(kind.prototype, 'constructor')?.value === kind && !hasOwn(kind, species)
    && getPrototypeOf(kind) === TypedArray && getOwnPropertyDescriptor(TypedArray, species)?.get === speciesOf;

  /** An index as the standard reads it, without calling anything of a script's; NaN for what is no number. */
  const place = (index, length, otherwise) => {
    if (index === undefined) return otherwise;
    if (typeof index !== 'number') return NaN;
    const whole = index !== index ? 0 : trunc(index);
    return whole < 0 ? max(length + whole, 0) : min(whole, length);
  };

  const holder = {
    slice(start, end) {
      const name = isObject(this) && ArrayBuffer.isView(this) ? apply(tagOf, this, []) : undefined;
      const length = name === undefined ? 0 : apply(lengthOf, this, []);
      if (length < FEW) return apply(engines, this, [start, end]);
      const kind = kinds[name];
      const from = place(start, length, 0);
      const to = place(end, length, length);
      if (!(to - from >= FEW) || kind === undefined || !isPlain(this, kind)) return apply(engines, this, [start, end]);
      const part = new kind(apply(bufferOf, this, []), apply(offsetOf, this, []) + from * kind.BYTES_PER_ELEMENT, to - from);
      const copy = new kind(to - from);
      apply(set, copy, [part]);
      return copy;
    },
  };
  Object.defineProperty(prototype, 'slice', { value: holder.slice, writable: true, configurable: true });
}
