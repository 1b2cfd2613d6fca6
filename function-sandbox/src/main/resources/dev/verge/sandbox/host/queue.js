// What all streams share (Streams Standard §7, §8, §9): promises, queues with sizes, strategies, dictionaries.

/** As a constructor's first argument: the object is one of the platform's own, and the second is its state. */
const internal = Symbol('internal');
const { apply } = Reflect;
const PromiseOf = Promise;
const promiseThen = Promise.prototype.then;
const promiseResolve = Promise.resolve.bind(Promise);
const rejectedWith = Promise.reject.bind(Promise);
const nothing = () => {};
/** `then` as the engine made it, whatever a script put in its place. */
const then = (promise, fulfilled, rejected) => apply(promiseThen, promise, [fulfilled, rejected]);
const resolvedWith = (value) => new PromiseOf((resolve) => { resolve(value); });
const handled = (promise) => { then(promise, undefined, nothing); };

/** A promise and the means to settle it, which knows whether it is settled. */
class Deferred {
  promise; settled = false; #resolve; #reject;
  constructor() { this.promise = new PromiseOf((resolve, reject) => { this.#resolve = resolve; this.#reject = reject; }); }
  resolve(value) { this.settled = true; this.#resolve(value); }
  reject(error) { this.settled = true; this.#reject(error); }
  static resolved() { const made = new Deferred(); made.resolve(undefined); return made; }
  static rejected(error) { const made = new Deferred(); made.reject(error); handled(made.promise); return made; }
}

/** Calls a script's algorithm; what it gives or throws becomes a new promise (WebIDL §3.2.24). */
function promiseOf(callback, self, values) {
  try { return resolvedWith(apply(callback, self, values)); } catch (error) { return rejectedWith(error); }
}

/** The same for an algorithm of the platform's own: a promise that it gives is taken as it is. */
function ownPromise(callback, ...values) {
  try { return promiseResolve(callback(...values)); } catch (error) { return rejectedWith(error); }
}

const wrongObject = (what) => new TypeError(`${what}: the object is of another kind`);

/** A member of a dictionary that is a callback, or undefined. */
function callbackOf(object, name) {
  const member = object[name];
  if (member !== undefined && typeof member !== 'function') throw new TypeError(`${name}: must be a function`);
  return member;
}

/** A whole number without sign (WebIDL's [EnforceRange] unsigned long long). */
function wholeNumber(value, what) {
  const number = Number(value);
  if (!Number.isFinite(number) || Math.trunc(number) < 0 || Math.trunc(number) > Number.MAX_SAFE_INTEGER) {
    throw new TypeError(`${what}: must be a whole number that is not negative`);
  }
  return Math.trunc(number) + 0;
}

/** A queuing strategy's members; reading them is what scripts can see. */
function strategyOf(value) {
  const given = dictionary(value, 'strategy');
  const mark = given.highWaterMark;
  return { highWaterMark: mark === undefined ? undefined : Number(mark), size: callbackOf(given, 'size') };
}

function highWaterMarkOf({ highWaterMark }, otherwise) {
  if (highWaterMark === undefined) return otherwise;
  if (Number.isNaN(highWaterMark) || highWaterMark < 0) throw new RangeError('highWaterMark: must not be negative');
  return highWaterMark;
}

function sizeOf({ size }) { return size === undefined ? undefined : (chunk) => Number(size(chunk)); }

/** Chunks with sizes. */
class SizedQueue {
  #items = []; #sizes = []; #head = 0; total = 0;
  get length() { return this.#items.length - this.#head; }
  peek() { return this.#items[this.#head]; }
  push(value, size) {
    if (typeof size !== 'number' || !(size >= 0) || size === Infinity) throw new RangeError('The size of a chunk must be a finite number that is not negative');
    this.#items.push(value);
    this.#sizes.push(size);
    this.total += size;
  }
  shift() {
    const value = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.total -= this.#sizes[this.#head];
    if (++this.#head === this.#items.length) { this.#items = []; this.#sizes = []; this.#head = 0; }
    else if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#sizes.splice(0, this.#head);
      this.#head = 0;
    }
    // Fractions may leave a total a little below zero.
    if (this.total < 0) this.total = 0;
    return value;
  }
  clear() { this.#items = []; this.#sizes = []; this.#head = 0; this.total = 0; }
}

function strategyClass(name, size) {
  const strategy = { [name]: class {
    #highWaterMark;
    constructor(init) {
      needs(arguments.length, 1, name);
      const mark = dictionary(init, name).highWaterMark;
      if (mark === undefined) throw new TypeError(`${name}: highWaterMark is required`);
      this.#highWaterMark = Number(mark);
    }
    get highWaterMark() { return this.#highWaterMark; }
    get size() { void this.#highWaterMark; return size; }
  } }[name];
  tag(strategy, name);
  return strategy;
}
const CountQueuingStrategy = strategyClass('CountQueuingStrategy', ({ size() { return 1; } }).size);
const ByteLengthQueuingStrategy = strategyClass('ByteLengthQueuingStrategy', ({ size(chunk) { return chunk.byteLength; } }).size);
