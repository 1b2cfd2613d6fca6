// Readers of streams (Streams Standard §4.3 to §4.5), iteration, and streams from iterables.

/** What a reader is behind the object that scripts hold. `closed` is a promise that may be replaced on release. */
class ReaderState {
  stream; closed; requests = []; byob;
  constructor(state, byob) {
    if (state.reader !== null) throw new TypeError('The stream is locked');
    this.stream = state;
    this.byob = byob;
    state.reader = this;
    this.closed = state.state === 'readable' ? new Deferred() : state.state === 'closed' ? Deferred.resolved() : Deferred.rejected(state.stored);
  }
  cancel(reason) { return readableCancel(this.stream, reason); }
  /** A read by a request: an object of chunk(value), close(value), error(reason). */
  read(request) {
    const state = this.stream;
    state.disturbed = true;
    if (state.state === 'closed') request.close(undefined);
    else if (state.state === 'errored') request.error(state.stored);
    else state.controller.pullSteps(request);
  }
  readInto(view, least, request) {
    const state = this.stream;
    state.disturbed = true;
    if (state.state === 'errored') request.error(state.stored); else state.controller.pullInto(view, least, request);
  }
  release() {
    const state = this.stream;
    if (state === undefined) return;
    const released = new TypeError('The reader was released');
    if (this.closed.settled) this.closed = Deferred.rejected(released);
    else { this.closed.reject(released); handled(this.closed.promise); }
    state.controller.releaseSteps();
    state.reader = null;
    this.stream = undefined;
    for (const request of this.requests.splice(0)) request.error(released);
  }
}

function acquireReader(state) { return new ReaderState(state, false); }
function acquireByteReader(state) { return new ReaderState(state, true); }

/** A read whose outcome is a promise of {value, done}. */
class PromisedRead extends Deferred {
  chunk(value) { this.resolve({ value, done: false }); }
  close(value) { this.resolve({ value, done: true }); }
  error(reason) { this.reject(reason); }
}

const released = () => rejectedWith(new TypeError('The reader was released'));

class ReadableStreamDefaultReader {
  #r;
  constructor(stream) {
    if (!isReadable(stream)) throw new TypeError('ReadableStreamDefaultReader: a ReadableStream is needed');
    this.#r = acquireReader(readableState(stream));
  }
  get closed() { return isObject(this) && #r in this ? this.#r.closed.promise : rejectedWith(wrongObject('closed')); }
  cancel(reason = undefined) {
    if (!isObject(this) || !(#r in this)) return rejectedWith(wrongObject('cancel'));
    return this.#r.stream === undefined ? released() : this.#r.cancel(reason);
  }
  read() {
    if (!isObject(this) || !(#r in this)) return rejectedWith(wrongObject('read'));
    if (this.#r.stream === undefined) return released();
    const request = new PromisedRead();
    this.#r.read(request);
    return request.promise;
  }
  releaseLock() { this.#r.release(); }
}
tag(ReadableStreamDefaultReader, 'ReadableStreamDefaultReader');

class ReadableStreamBYOBReader {
  #r;
  constructor(stream) {
    if (!isReadable(stream)) throw new TypeError('ReadableStreamBYOBReader: a ReadableStream is needed');
    const state = readableState(stream);
    if (state.reader !== null) throw new TypeError('The stream is locked');
    if (!(state.controller instanceof ByteControl)) throw new TypeError('The stream is not one of bytes');
    this.#r = acquireByteReader(state);
  }
  get closed() { return isObject(this) && #r in this ? this.#r.closed.promise : rejectedWith(wrongObject('closed')); }
  cancel(reason = undefined) {
    if (!isObject(this) || !(#r in this)) return rejectedWith(wrongObject('cancel'));
    return this.#r.stream === undefined ? released() : this.#r.cancel(reason);
  }
  read(view, options = {}) {
    if (!isObject(this) || !(#r in this)) return rejectedWith(wrongObject('read'));
    try {
      if (!ArrayBuffer.isView(view)) throw new TypeError('read: a view of a buffer is needed');
      const { min } = dictionary(options, 'read');
      const least = min === undefined ? 1 : wholeNumber(min, 'min');
      if (view.byteLength === 0 || view.buffer.byteLength === 0) throw new TypeError('read: the view is empty');
      if (view.buffer.detached) throw new TypeError('read: the buffer is detached');
      if (least === 0) throw new TypeError('min: must not be 0');
      if (least > (view.length ?? view.byteLength)) throw new RangeError('min: must not be more than the view has room for');
      if (this.#r.stream === undefined) return released();
      const request = new PromisedRead();
      this.#r.readInto(view, least, request);
      return request.promise;
    } catch (error) {
      return rejectedWith(error);
    }
  }
  releaseLock() { this.#r.release(); }
}
tag(ReadableStreamBYOBReader, 'ReadableStreamBYOBReader');

// Iteration, with the queueing of WebIDL's asynchronous iterators (§3.7.10).
const streamIterators = (() => {
  class IteratorState {
    #reader; #preventCancel; #ongoing = null; #finished = false;
    constructor(reader, preventCancel) { this.#reader = reader; this.#preventCancel = preventCancel; }
    #queue(steps) { return (this.#ongoing = this.#ongoing === null ? steps() : then(this.#ongoing, steps, steps)); }
    next() {
      return this.#queue(() => {
        if (this.#finished) return resolvedWith({ value: undefined, done: true });
        const request = new PromisedRead();
        this.#reader.read(request);
        return then(request.promise, (result) => {
          this.#ongoing = null;
          if (result.done) { this.#finished = true; this.#reader.release(); }
          return result;
        }, (error) => {
          this.#ongoing = null;
          this.#finished = true;
          this.#reader.release();
          throw error;
        });
      });
    }
    return(value) {
      const over = this.#queue(() => {
        if (this.#finished) return resolvedWith(undefined);
        this.#finished = true;
        const result = this.#preventCancel ? resolvedWith(undefined) : this.#reader.cancel(value);
        this.#reader.release();
        return result;
      });
      return then(over, () => ({ value, done: true }));
    }
  }
  const states = new WeakMap();
  const prototype = Object.create(Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype));
  const members = {
    next() { const state = states.get(this); return state ? state.next() : rejectedWith(wrongObject('next')); },
    return(value) { const state = states.get(this); return state ? state.return(value) : rejectedWith(wrongObject('return')); },
  };
  for (const name of ['next', 'return']) {
    Object.defineProperty(prototype, name, { value: members[name], writable: true, enumerable: true, configurable: true });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: 'ReadableStream AsyncIterator', configurable: true });
  return (reader, preventCancel) => {
    const iterator = Object.create(prototype);
    states.set(iterator, new IteratorState(reader, preventCancel));
    return iterator;
  };
})();
function readableIterator(reader, preventCancel) { return streamIterators(reader, preventCancel); }

/** An iterator's next and return as promises of results; values of a synchronous one are awaited. */
function asyncIteratorOf(iterable) {
  const method = iterable[Symbol.asyncIterator] ?? undefined;
  const sync = method === undefined;
  const make = sync ? iterable[Symbol.iterator] : method;
  if (typeof make !== 'function') throw new TypeError('ReadableStream.from: the value is not iterable');
  const iterator = apply(make, iterable, []);
  if (!isObject(iterator)) throw new TypeError('ReadableStream.from: the iterator is not an object');
  const { next } = iterator;
  const settle = (result) => {
    if (!sync) return resolvedWith(result);
    if (!isObject(result)) throw new TypeError('ReadableStream.from: the result is not an object');
    const { done } = result;
    return then(promiseResolve(result.value), (value) => ({ value, done }), (error) => {
      if (!done) try { iterator.return?.(); } catch { /* the value's error is what counts */ }
      throw error;
    });
  };
  return { iterator, next: () => settle(apply(next, iterator, [])), settle };
}

function readableFrom(iterable) {
  if (iterable === undefined || iterable === null) throw new TypeError('ReadableStream.from: the value is not iterable');
  const { iterator, next, settle } = asyncIteratorOf(iterable);
  return createReadable({
    pull: (control) => then(next(), (result) => {
      if (!isObject(result)) throw new TypeError('ReadableStream.from: the result is not an object');
      if (result.done) control.close(); else control.enqueue(result.value);
    }),
    cancel(reason) {
      const method = iterator.return ?? undefined;
      if (method === undefined) return undefined;
      return then(settle(apply(method, iterator, [reason])), (result) => {
        if (!isObject(result)) throw new TypeError('ReadableStream.from: the result is not an object');
      });
    },
  }, 0).stream;
}
