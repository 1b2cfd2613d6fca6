// What WebIDL asks of arguments and of iterators (WebIDL §3.2, §3.7.9), for the interfaces of requests, URLs and forms.

const BEYOND_LATIN1 = /[^\0-\xff]/;
const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

/** Given to a constructor by the platform's own code: it leaves the object for that code to fill. */
const UNMADE = {};

function isObject(value) { return (typeof value === 'object' && value !== null) || typeof value === 'function'; }

/** Text of Latin-1 characters only, as WebIDL's ByteString. */
function byteString(value, what) {
  const text = `${value}`;
  if (BEYOND_LATIN1.test(text)) throw new TypeError(`${what}: has characters beyond Latin-1`);
  return text;
}

/** A value of an enumeration. */
function enumOf(value, allowed, what) {
  const text = `${value}`;
  if (!allowed.includes(text)) throw new TypeError(`${what}: must be one of ${allowed.map((one) => `"${one}"`).join(', ')}`);
  return text;
}

/** WebIDL's unsigned short without range enforcement. */
function unsignedShort(value) { return Number(value) & 0xffff; }

/** The items of a sequence (WebIDL §3.2.21), given its @@iterator, each converted before the next is asked for. */
function sequenceOf(object, method, convert, what) {
  if (typeof method !== 'function') throw new TypeError(`${what}: must be a sequence`);
  const iterator = Reflect.apply(method, object, []);
  if (!isObject(iterator)) throw new TypeError(`${what}: its iterator must be an object`);
  const { next } = iterator;
  const items = [];
  for (;;) {
    const step = Reflect.apply(next, iterator, []);
    if (!isObject(step)) throw new TypeError(`${what}: its iterator must give objects`);
    if (step.done) return items;
    items.push(convert(step.value));
  }
}

/** A sequence of pairs or a record, as a flat list of names and values. */
function pairsOf(init, convert, what) {
  const list = [];
  const method = init[Symbol.iterator];
  if (method !== undefined && method !== null) {
    sequenceOf(init, method, (pair) => {
      if (!isObject(pair)) throw new TypeError(`${what}: each pair must be a sequence`);
      const both = sequenceOf(pair, pair[Symbol.iterator], convert, `${what}: each pair`);
      if (both.length !== 2) throw new TypeError(`${what}: each pair must have a name and a value`);
      list.push(both[0], both[1]);
    }, what);
    return list;
  }
  let renamed = false;
  for (const key of Reflect.ownKeys(init)) {
    if (!Reflect.getOwnPropertyDescriptor(init, key)?.enumerable) continue;
    const name = convert(key);
    renamed ||= name !== key;
    list.push(name, convert(init[key]));
  }
  if (!renamed) return list;
  // Names that became the same by conversion are one: it keeps the first's place and has the last's value.
  const unique = new Map();
  for (let i = 0; i < list.length; i += 2) unique.set(list[i], list[i + 1]);
  return [...unique].flat();
}

/** Makes a class iterable over pairs: `at(target, index)` gives the pair at an index, or undefined, and refuses other targets. */
function iterable(constructor, name, at) {
  class PairIterator {
    #target; #kind; #index = 0;
    constructor(target, kind) { this.#target = target; this.#kind = kind; }
    next() {
      const pair = at(this.#target, this.#index);
      if (pair === undefined) return { value: undefined, done: true };
      this.#index++;
      return { value: this.#kind < 0 ? [pair[0], pair[1]] : pair[this.#kind], done: false };
    }
  }
  tag(PairIterator, `${name} Iterator`);
  delete PairIterator.prototype.constructor;
  Object.setPrototypeOf(PairIterator.prototype, IteratorPrototype);
  const methods = {
    entries() { at(this, 0); return new PairIterator(this, -1); },
    keys() { at(this, 0); return new PairIterator(this, 0); },
    values() { at(this, 0); return new PairIterator(this, 1); },
    forEach(callback) {
      let pair = at(this, 0);
      needs(arguments.length, 1, `${name}.forEach`);
      if (typeof callback !== 'function') throw new TypeError(`${name}.forEach: callback must be a function`);
      for (let i = 1; pair !== undefined; pair = at(this, i++)) Reflect.apply(callback, arguments[1], [pair[1], pair[0], this]);
    },
  };
  Object.defineProperties(constructor.prototype, Object.getOwnPropertyDescriptors(methods));
  Object.defineProperty(constructor.prototype, Symbol.iterator, { value: methods.entries, writable: true, configurable: true });
}
