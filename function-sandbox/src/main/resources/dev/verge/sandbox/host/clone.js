// Structured cloning (HTML §2.7): a value becomes a description without objects of scripts, and that a new value. What the platform's own
// objects do is in `shared.platformKinds`: each entry has `is(value)`, and `clone(value, serialize)` giving `(deserialize) => object`
// for serializable ones, or `transfer(value)` giving `() => object` for transferable ones.

const {
  SharedArrayBuffer, DOMException, isDomException, isObject, interfaces, platformKinds, sequence, viewConstructor, createReadable, createWritable, acquireReader,
  acquireWriter, isReadable, isWritable, isTransform, readableState, writableState, transformState, TransformStream, writableAbort, internal,
} = shared;
const { apply } = Reflect;

const refuse = (what) => new DOMException(`${what} cannot be cloned`, 'DataCloneError');
const slot = (method) => (value) => { try { apply(method, value, []); return true; } catch { return false; } };
const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

const isBuffer = slot(getter(ArrayBuffer.prototype, 'byteLength'));

/** Kinds with a slot of the engine: how to know one, and what it becomes. */
const kinds = [
  [Boolean, slot(Boolean.prototype.valueOf), (v) => { const held = apply(Boolean.prototype.valueOf, v, []); return () => Object(held); }],
  [Number, slot(Number.prototype.valueOf), (v) => { const held = apply(Number.prototype.valueOf, v, []); return () => Object(held); }],
  [String, slot(String.prototype.valueOf), (v) => { const held = apply(String.prototype.valueOf, v, []); return () => Object(held); }],
  [BigInt, slot(BigInt.prototype.valueOf), (v) => { const held = apply(BigInt.prototype.valueOf, v, []); return () => Object(held); }],
  [Symbol, slot(Symbol.prototype.valueOf), () => { throw refuse('A symbol'); }],
  [Date, slot(Date.prototype.getTime), (v) => { const time = apply(Date.prototype.getTime, v, []); return () => new Date(time); }],
  [RegExp, slot(getter(RegExp.prototype, 'global')), (v) => { const { source, flags } = v; return () => new RegExp(source, flags); }],
  [ArrayBuffer, isBuffer, cloneBuffer],
  [SharedArrayBuffer, slot(getter(SharedArrayBuffer.prototype, 'byteLength')), () => { throw refuse('A SharedArrayBuffer'); }],
  [Promise, () => true, () => { throw refuse('A promise'); }],
  [WeakMap, slot(function () { WeakMap.prototype.has.call(this, {}); }), () => { throw refuse('A WeakMap'); }],
  [WeakSet, slot(function () { WeakSet.prototype.has.call(this, {}); }), () => { throw refuse('A WeakSet'); }],
  [WeakRef, slot(WeakRef.prototype.deref), () => { throw refuse('A WeakRef'); }],
];

function cloneBuffer(buffer) {
  if (buffer.detached) throw refuse('A detached ArrayBuffer');
  const bytes = new Uint8Array(buffer);
  const copy = new Uint8Array(buffer.resizable ? new ArrayBuffer(bytes.length, { maxByteLength: buffer.maxByteLength }) : bytes.length);
  copy.set(bytes);
  return () => copy.buffer;
}

/** Turns a value into a description. `memory` knows what was seen; transferred objects are in it from the start. */
function serialize(value, memory) {
  if (typeof value === 'symbol') throw refuse('A symbol');
  if (!isObject(value)) return { make: () => value };
  const seen = memory.get(value);
  if (seen !== undefined) return seen;
  if (typeof value === 'function') throw refuse('A function');
  const node = { make: null, fill: null };
  const found = describe(value, node, memory);
  if (found !== undefined) node.make = found;
  return node;
}

function describe(value, node, memory) {
  const prototype = Object.getPrototypeOf(value);
  const array = Array.isArray(value);
  if (!array && prototype !== null && prototype !== Object.prototype) {
    for (const [constructor, is, clone] of kinds) {
      if (value instanceof constructor && is(value)) { memory.set(value, node); return clone(value); }
    }
    if (ArrayBuffer.isView(value)) return describeView(value, node, memory);
    if (value instanceof Map && mapSize(value)) return describeMap(value, node, memory);
    if (value instanceof Set && setSize(value)) return describeSet(value, node, memory);
    for (const kind of platformKinds) {
      if (!kind.is(value)) continue;
      if (kind.clone === undefined) throw refuse('This object can be transferred only: it');
      memory.set(value, node);
      return kind.clone(value, (one) => serialize(one, memory));
    }
    if (value instanceof Error) return describeError(value, node, memory);
    for (let one = prototype; one !== null; one = Object.getPrototypeOf(one)) if (interfaces.has(one)) throw refuse('An object of the platform');
    if (Object.prototype.toString.call(value) === '[object Generator]') throw refuse('A generator');
  }
  memory.set(value, node);
  const properties = [];
  const { length } = value;
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(value, key)) properties.push([key, serialize(value[key], memory)]);
  }
  node.fill = (to, deserialize) => {
    for (const [key, property] of properties) {
      Object.defineProperty(to, key, { __proto__: null, value: deserialize(property), writable: true, enumerable: true, configurable: true });
    }
  };
  return array ? () => new Array(length) : () => ({});
}

const mapSize = slot(getter(Map.prototype, 'size'));
const setSize = slot(getter(Set.prototype, 'size'));

function describeView(view, node, memory) {
  const { buffer, byteOffset, byteLength } = view;
  if (buffer.detached) throw refuse('A view of a detached ArrayBuffer');
  const constructor = viewConstructor(view);
  const length = constructor === DataView ? byteLength : view.length;
  const held = serialize(buffer, memory);
  memory.set(view, node);
  return (deserialize) => new constructor(deserialize(held), byteOffset, length);
}

function describeMap(map, node, memory) {
  memory.set(map, node);
  const pairs = [...apply(Map.prototype.entries, map, [])].map(([key, item]) => [serialize(key, memory), serialize(item, memory)]);
  node.fill = (to, deserialize) => { for (const [key, item] of pairs) to.set(deserialize(key), deserialize(item)); };
  return () => new Map();
}

function describeSet(set, node, memory) {
  memory.set(set, node);
  const items = [...apply(Set.prototype.values, set, [])].map((item) => serialize(item, memory));
  node.fill = (to, deserialize) => { for (const item of items) to.add(deserialize(item)); };
  return () => new Set();
}

function describeError(error, node, memory) {
  memory.set(error, node);
  const name = `${error.name ?? 'Error'}`;
  const own = (key) => Object.getOwnPropertyDescriptor(error, key);
  const text = own('message');
  const message = text !== undefined && 'value' in text ? `${text.value}` : undefined;
  const stack = own('stack');
  const frames = typeof stack?.value === 'string' ? stack.value : undefined;
  const reason = own('cause');
  const cause = reason !== undefined && 'value' in reason ? serialize(reason.value, memory) : undefined;
  node.fill = (to, deserialize) => {
    if (cause !== undefined) Object.defineProperty(to, 'cause', { value: deserialize(cause), writable: true, configurable: true });
  };
  const constructor = Object.hasOwn(ERRORS, name) ? ERRORS[name] : Error;
  return () => {
    const made = message === undefined ? new constructor() : new constructor(message);
    if (frames !== undefined) Object.defineProperty(made, 'stack', { value: frames, writable: true, configurable: true });
    return made;
  };
}

/** Makes the values of descriptions; the same description gives the same object. */
function deserializer() {
  const made = new Map();
  return function deserialize(node) {
    if (made.has(node)) return made.get(node);
    const value = node.make(deserialize);
    made.set(node, value);
    node.fill?.(value, deserialize);
    return value;
  };
}

/**
 * Serializes a message and takes over what is transferred (StructuredSerializeWithTransfer). Gives a function that makes the value, and
 * the transferred objects.
 */
function serializeWithTransfer(value, transfer) {
  const list = transfer === undefined || transfer === null ? [] : sequence(transfer, 'transfer', (one) => {
    if (!isObject(one)) throw new TypeError('transfer: must be objects');
    return one;
  });
  const memory = new Map();
  const moves = [];
  for (const one of list) {
    const kind = one instanceof ArrayBuffer && isBuffer(one) ? null : platformKinds.find((entry) => entry.transfer !== undefined && entry.is(one));
    if (kind === undefined) throw new DOMException('An object cannot be transferred', 'DataCloneError');
    if (memory.has(one)) throw new DOMException('An object is in the transfer list twice', 'DataCloneError');
    const node = { make: null, fill: null };
    memory.set(one, node);
    moves.push([one, kind, node]);
  }
  const root = serialize(value, memory);
  for (const [one, kind, node] of moves) {
    if (kind === null ? one.detached : kind.gone?.(one)) throw new DOMException('An object was transferred before, or is locked', 'DataCloneError');
    if (kind === null) { const moved = ArrayBuffer.prototype.transfer.call(one); node.make = () => moved; } else node.make = kind.transfer(one);
  }
  return () => {
    const deserialize = deserializer();
    const transferred = moves.map(([, , node]) => deserialize(node));
    return { value: deserialize(root), transferred };
  };
}

platformKinds.push({
  is: isDomException,
  clone(exception) {
    const { message, name, stack } = exception;
    return () => Object.defineProperty(new DOMException(message, name), 'stack', { value: stack, writable: true, configurable: true });
  },
});

// Streams (Streams Standard §4.2.5, §5.2.5, §6.2.4): both ends are here, so that chunks are cloned on their way and need no port.
function moveReadable(state) {
  const reader = acquireReader(state);
  return createReadable({
    __proto__: null,
    pull: (control) => new Promise((resolve, reject) => reader.read({
      chunk(chunk) {
        try { control.enqueue(structuredClone(chunk)); resolve(); } catch (error) { reader.cancel(error).catch(() => {}); reject(error); }
      },
      close() { control.close(); resolve(); },
      error: reject,
    })),
    cancel: (reason) => reader.cancel(structuredClone(reason)),
  }, 0);
}

function moveWritable(state) {
  const writer = acquireWriter(state);
  return createWritable({
    __proto__: null,
    write(chunk) {
      try { return writer.write(structuredClone(chunk)); } catch (error) { writableAbort(state, error).catch(() => {}); return Promise.reject(error); }
    },
    close: () => writer.closeAfterPipe(),
    abort: (reason) => writableAbort(state, structuredClone(reason)),
  }, 1);
}

platformKinds.push({
  is: isReadable,
  gone: (stream) => readableState(stream).reader !== null,
  transfer(stream) { const moved = moveReadable(readableState(stream)); return () => moved.stream; },
}, {
  is: isWritable,
  gone: (stream) => writableState(stream).writer !== null,
  transfer(stream) { const moved = moveWritable(writableState(stream)); return () => moved.stream; },
}, {
  is: isTransform,
  gone(stream) { const { readable, writable } = transformState(stream); return readable.reader !== null || writable.writer !== null; },
  transfer(stream) {
    const { readable, writable } = transformState(stream);
    const moved = { readable: moveReadable(readable), writable: moveWritable(writable) };
    return () => new TransformStream(internal, moved);
  },
});

function structuredClone(value, transfer) { return serializeWithTransfer(value, transfer)().value; }

return { structuredClone, serializeWithTransfer };
