// Streams (Streams Standard), the part that bodies need: default readers and controllers, tee, piping, transforms, async iteration.
// No byte readers (BYOB) yet.

const readOf = Symbol('read');
const cancelOf = Symbol('cancel');

class ReadableStream {
  #source; #strategySize; #highWater; #queue = []; #queued = 0; #state = 'readable'; #error;
  #waiting = []; #reader = null; #pulling = false; #pullAgain = false; #started = false; #closing = false; #controller;
  #disturbed = false;
  constructor(source = {}, strategy = {}) {
    if (source === null) throw new TypeError('ReadableStream: the source must be an object');
    this.#source = source;
    this.#highWater = strategy?.highWaterMark === undefined ? 1 : Number(strategy.highWaterMark);
    if (Number.isNaN(this.#highWater) || this.#highWater < 0) throw new RangeError('highWaterMark must not be negative');
    this.#strategySize = strategy?.size ?? (() => 1);
    const stream = this;
    this.#controller = {
      get desiredSize() {
        return stream.#state === 'errored' ? null : stream.#state === 'closed' ? 0 : stream.#highWater - stream.#queued;
      },
      enqueue(chunk) { stream.#enqueue(chunk); },
      close() { stream.#close(); },
      error(reason) { stream.#fail(reason); },
    };
    const start = source.start?.call(source, this.#controller);
    Promise.resolve(start).then(() => { this.#started = true; this.#pull(); }, (error) => this.#fail(error));
  }
  static from(iterable) {
    const iterator = iterable?.[Symbol.asyncIterator]?.() ?? iterable?.[Symbol.iterator]?.();
    if (!iterator) throw new TypeError('ReadableStream.from: not iterable');
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close(); else controller.enqueue(value);
      },
      async cancel(reason) { await iterator.return?.(reason); },
    }, { highWaterMark: 0 });
  }
  #enqueue(chunk) {
    if (this.#state !== 'readable' || this.#closing) throw new TypeError('The stream is closed');
    const waiter = this.#waiting.shift();
    if (waiter) waiter.resolve({ value: chunk, done: false });
    else {
      const size = Number(this.#strategySize(chunk));
      this.#queue.push([chunk, size]);
      this.#queued += size;
    }
    this.#pull();
  }
  #close() {
    if (this.#state !== 'readable' || this.#closing) throw new TypeError('The stream is closed');
    this.#closing = true;
    if (this.#queue.length === 0) this.#finish();
  }
  #finish() {
    this.#state = 'closed';
    for (const waiter of this.#waiting.splice(0)) waiter.resolve({ value: undefined, done: true });
    this.#reader?.settle?.resolve();
  }
  #fail(reason) {
    if (this.#state !== 'readable') return;
    this.#state = 'errored';
    this.#error = reason;
    this.#queue = [];
    for (const waiter of this.#waiting.splice(0)) waiter.reject(reason);
    this.#reader?.settle?.reject(reason);
  }
  #pull() {
    if (!this.#started || this.#state !== 'readable' || this.#closing) return;
    if (this.#waiting.length === 0 && this.#queued >= this.#highWater) return;
    if (this.#pulling) { this.#pullAgain = true; return; }
    if (typeof this.#source.pull !== 'function') return;
    this.#pulling = true;
    let pulled;
    try { pulled = Promise.resolve(this.#source.pull(this.#controller)); } catch (error) { pulled = Promise.reject(error); }
    pulled.then(() => {
      this.#pulling = false;
      if (this.#pullAgain) { this.#pullAgain = false; this.#pull(); }
    }, (error) => this.#fail(error));
  }
  [readOf]() {
    this.#disturbed = true;
    if (this.#queue.length > 0) {
      const [chunk, size] = this.#queue.shift();
      this.#queued -= size;
      if (this.#closing && this.#queue.length === 0) this.#finish(); else this.#pull();
      return Promise.resolve({ value: chunk, done: false });
    }
    if (this.#state === 'closed') return Promise.resolve({ value: undefined, done: true });
    if (this.#state === 'errored') return Promise.reject(this.#error);
    const waiter = Promise.withResolvers();
    this.#waiting.push(waiter);
    this.#pull();
    return waiter.promise;
  }
  [cancelOf](reason) {
    this.#disturbed = true;
    if (this.#state === 'closed') return Promise.resolve();
    if (this.#state === 'errored') return Promise.reject(this.#error);
    this.#queue = [];
    this.#finish();
    try { return Promise.resolve(this.#source.cancel?.(reason)).then(() => undefined); } catch (error) { return Promise.reject(error); }
  }
  get locked() { return this.#reader !== null; }
  static disturbed(stream) { return stream.#disturbed; }
  cancel(reason) {
    return this.locked ? Promise.reject(new TypeError('The stream is locked')) : this[cancelOf](reason);
  }
  getReader(options = {}) {
    if (options?.mode === 'byob') throw new TypeError('ReadableStream: byte readers are not available');
    return new ReadableStreamDefaultReader(this);
  }
  static lock(stream, reader) {
    if (stream.locked) throw new TypeError('The stream is locked');
    stream.#reader = reader;
    if (stream.#state === 'closed') reader.settle.resolve();
    if (stream.#state === 'errored') reader.settle.reject(stream.#error);
  }
  static unlock(stream) {
    for (const waiter of stream.#waiting.splice(0)) waiter.reject(new TypeError('The reader was released'));
    stream.#reader = null;
  }
  tee() {
    const reader = this.getReader();
    const branches = [];
    const canceled = [false, false];
    let reading = null;
    const pull = () => {
      reading ??= reader.read().then(({ value, done }) => {
        reading = null;
        branches.forEach((branch, index) => {
          if (canceled[index]) return;
          if (done) branch.close(); else branch.enqueue(value);
        });
      }, (error) => branches.forEach((branch) => branch.error(error)));
      return reading;
    };
    const make = (index) => new ReadableStream({
      start(controller) { branches[index] = controller; },
      pull,
      cancel(reason) {
        canceled[index] = true;
        return canceled[0] && canceled[1] ? reader.cancel(reason) : undefined;
      },
    }, { highWaterMark: 0 });
    return [make(0), make(1)];
  }
  async pipeTo(destination, options = {}) {
    const reader = this.getReader();
    const writer = destination.getWriter();
    options.signal?.addEventListener('abort', () => { writer.abort(options.signal.reason); reader.cancel(options.signal.reason); });
    try {
      for (;;) {
        options.signal?.throwIfAborted();
        await writer.ready;
        const { value, done } = await reader.read();
        if (done) break;
        await writer.write(value);
      }
      if (!options.preventClose) await writer.close();
    } catch (error) {
      if (!options.preventAbort) writer.abort(error).catch(() => {});
      if (!options.preventCancel) reader.cancel(error).catch(() => {});
      throw error;
    } finally {
      reader.releaseLock();
      writer.releaseLock();
    }
  }
  pipeThrough({ readable, writable }, options = {}) {
    this.pipeTo(writable, options).catch(() => {});
    return readable;
  }
  async *values({ preventCancel = false } = {}) {
    const reader = this.getReader();
    let ended = false;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) { ended = true; return; }
        yield value;
      }
    } catch (error) {
      ended = true;
      throw error;
    } finally {
      if (!ended && !preventCancel) await reader.cancel();
      reader.releaseLock();
    }
  }
  [Symbol.asyncIterator](options) { return this.values(options); }
}
const { lock: lockStream, unlock: unlockStream, disturbed: isDisturbed } = ReadableStream;
for (const inner of ['lock', 'unlock', 'disturbed']) delete ReadableStream[inner];
tag(ReadableStream, 'ReadableStream');

class ReadableStreamDefaultReader {
  #stream; settle = Promise.withResolvers();
  constructor(stream) {
    Object.defineProperty(this, 'settle', { enumerable: false });
    this.settle.promise.catch(() => {});
    lockStream(stream, this);
    this.#stream = stream;
  }
  get closed() { return this.settle.promise; }
  read() { return this.#stream ? this.#stream[readOf]() : Promise.reject(new TypeError('The reader was released')); }
  cancel(reason) { return this.#stream ? this.#stream[cancelOf](reason) : Promise.reject(new TypeError('The reader was released')); }
  releaseLock() { if (this.#stream) { unlockStream(this.#stream); this.#stream = null; } }
}
tag(ReadableStreamDefaultReader, 'ReadableStreamDefaultReader');

class WritableStream {
  #sink; #state = 'writable'; #error; #tail; #highWater; #pending = 0; #ready = Promise.withResolvers(); #closed = Promise.withResolvers();
  #locked = false;
  constructor(sink = {}, strategy = {}) {
    this.#sink = sink ?? {};
    this.#highWater = strategy?.highWaterMark ?? 1;
    this.#closed.promise.catch(() => {});
    this.#ready.resolve();
    const controller = { error: (reason) => this.#fail(reason), signal: new AbortController().signal };
    this.controller = controller;
    Object.defineProperty(this, 'controller', { enumerable: false });
    this.#tail = Promise.resolve(this.#sink.start?.(controller));
    this.#tail.catch((error) => this.#fail(error));
  }
  #fail(reason) {
    if (this.#state !== 'writable') return;
    this.#state = 'errored';
    this.#error = reason;
    this.#ready.resolve();
    this.#closed.reject(reason);
  }
  get locked() { return this.#locked; }
  abort(reason) {
    if (this.#state !== 'writable') return Promise.resolve();
    this.#fail(reason);
    return Promise.resolve(this.#sink.abort?.(reason));
  }
  close() { return this.getWriter().close(); }
  getWriter() {
    if (this.#locked) throw new TypeError('The stream is locked');
    this.#locked = true;
    const stream = this;
    return {
      get closed() { return stream.#closed.promise; },
      get ready() { return stream.#ready.promise; },
      get desiredSize() { return stream.#state === 'errored' ? null : stream.#highWater - stream.#pending; },
      write(chunk) {
        if (stream.#state !== 'writable') return Promise.reject(stream.#error ?? new TypeError('The stream is closed'));
        if (++stream.#pending >= stream.#highWater) stream.#ready = Promise.withResolvers();
        const written = stream.#tail.then(() => {
          if (stream.#state === 'errored') throw stream.#error;
          return stream.#sink.write?.(chunk, stream.controller);
        });
        stream.#tail = written.then(() => {}, (error) => { stream.#fail(error); })
          .then(() => { if (--stream.#pending < stream.#highWater) stream.#ready.resolve(); });
        return written.then(() => undefined);
      },
      close() {
        if (stream.#state !== 'writable') return Promise.reject(stream.#error ?? new TypeError('The stream is closed'));
        const closing = stream.#tail.then(() => {
          if (stream.#state === 'errored') throw stream.#error;
          return stream.#sink.close?.();
        }).then(() => { stream.#state = 'closed'; stream.#closed.resolve(); });
        stream.#tail = closing.catch((error) => stream.#fail(error));
        return closing;
      },
      abort: (reason) => stream.abort(reason),
      releaseLock() { stream.#locked = false; },
    };
  }
}
tag(WritableStream, 'WritableStream');

class TransformStream {
  #readable; #writable;
  constructor(transformer = {}) {
    let output;
    let wanted = Promise.withResolvers();
    this.#readable = new ReadableStream({
      start(controller) { output = controller; },
      pull() { wanted.resolve(); },
      cancel: (reason) => { this.#writable.abort(reason); },
    }, { highWaterMark: 0 });
    const controller = {
      enqueue: (chunk) => output.enqueue(chunk),
      error: (reason) => { output.error(reason); this.#writable.abort(reason); },
      terminate: () => output.close(),
      get desiredSize() { return output.desiredSize; },
    };
    this.#writable = new WritableStream({
      start: () => transformer?.start?.(controller),
      async write(chunk) {
        await wanted.promise;
        wanted = Promise.withResolvers();
        if (transformer?.transform) await transformer.transform(chunk, controller);
        else output.enqueue(chunk);
        if (output.desiredSize !== null && output.desiredSize > 0) wanted.resolve();
      },
      async close() { await transformer?.flush?.(controller); try { output.close(); } catch { /* terminated */ } },
      abort(reason) { output.error(reason); },
    });
  }
  get readable() { return this.#readable; }
  get writable() { return this.#writable; }
}
tag(TransformStream, 'TransformStream');

class CountQueuingStrategy { constructor({ highWaterMark }) { this.highWaterMark = highWaterMark; } size() { return 1; } }
class ByteLengthQueuingStrategy {
  constructor({ highWaterMark }) { this.highWaterMark = highWaterMark; }
  size(chunk) { return chunk.byteLength; }
}
