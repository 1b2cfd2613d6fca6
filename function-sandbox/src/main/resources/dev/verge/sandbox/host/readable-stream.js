// Readable streams (Streams Standard §4.2, §4.6, §4.9): the class, its state, and the controller of streams of anything.

/** What a stream is behind the object that scripts hold. */
class ReadableState {
  stream = null; controller = null; reader = null; state = 'readable'; stored = undefined; disturbed = false;
}

let readableState;
let isReadable;

class ReadableStream {
  #s;
  static { readableState = (stream) => stream.#s; isReadable = (value) => isObject(value) && #s in value; }
  constructor(source = undefined, strategy = undefined) {
    if (source === internal) { this.#s = strategy; return; }
    const strategies = strategyOf(strategy);
    if (source === undefined) source = null;
    else if (!isObject(source)) throw new TypeError('ReadableStream: the source must be an object');
    const given = source === null ? {} : {
      autoAllocateChunkSize: source.autoAllocateChunkSize, cancel: callbackOf(source, 'cancel'), pull: callbackOf(source, 'pull'),
      start: callbackOf(source, 'start'), type: source.type,
    };
    if (given.autoAllocateChunkSize !== undefined) given.autoAllocateChunkSize = wholeNumber(given.autoAllocateChunkSize, 'autoAllocateChunkSize');
    if (given.type !== undefined && String(given.type) !== 'bytes') throw new TypeError('ReadableStream: type must be "bytes" or undefined');
    const state = this.#s = new ReadableState();
    state.stream = this;
    if (given.type === undefined) {
      const control = new DefaultControl(state, highWaterMarkOf(strategies, 1), sizeOf(strategies));
      startReadable(control, source, given);
    } else {
      if (strategies.size !== undefined) throw new RangeError('ReadableStream: a stream of bytes has no size of its own');
      const control = new ByteControl(state, highWaterMarkOf(strategies, 0), given.autoAllocateChunkSize);
      if (given.autoAllocateChunkSize === 0) throw new TypeError('autoAllocateChunkSize: must not be 0');
      startReadable(control, source, given);
    }
  }
  static from(asyncIterable) { needs(arguments.length, 1, 'ReadableStream.from'); return readableFrom(asyncIterable); }
  get locked() { return this.#s.reader !== null; }
  cancel(reason = undefined) {
    if (!isReadable(this)) return rejectedWith(wrongObject('cancel'));
    return this.#s.reader !== null ? rejectedWith(new TypeError('cancel: the stream is locked')) : readableCancel(this.#s, reason);
  }
  getReader(options = {}) {
    const state = this.#s;
    const { mode } = dictionary(options, 'getReader');
    if (mode === undefined) return new ReadableStreamDefaultReader(this);
    if (String(mode) !== 'byob') throw new TypeError('getReader: mode must be "byob" or undefined');
    return new ReadableStreamBYOBReader(state.stream);
  }
  pipeThrough(transform, options = {}) {
    const state = this.#s;
    needs(arguments.length, 1, 'pipeThrough');
    const { readable, writable } = pairOf(transform);
    const how = pipeOptions(options);
    if (state.reader !== null) throw new TypeError('pipeThrough: the stream is locked');
    if (writable.writer !== null) throw new TypeError('pipeThrough: the writable side is locked');
    handled(pipe(state, writable, how));
    return readable;
  }
  pipeTo(destination, options = {}) {
    if (!isReadable(this)) return rejectedWith(wrongObject('pipeTo'));
    try {
      needs(arguments.length, 1, 'pipeTo');
      if (!isWritable(destination)) throw new TypeError('pipeTo: the destination must be a WritableStream');
      const how = pipeOptions(options);
      if (this.#s.reader !== null) throw new TypeError('pipeTo: the stream is locked');
      const target = writableState(destination);
      if (target.writer !== null) throw new TypeError('pipeTo: the destination is locked');
      return pipe(this.#s, target, how);
    } catch (error) {
      return rejectedWith(error);
    }
  }
  tee() { return teeReadable(this.#s).map((branch) => branch.stream); }
  values(options = {}) {
    const state = this.#s;
    const preventCancel = Boolean(dictionary(options, 'values').preventCancel);
    return readableIterator(acquireReader(state), preventCancel);
  }
}
tag(ReadableStream, 'ReadableStream');
Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, { value: ReadableStream.prototype.values, writable: true, configurable: true });

function pairOf(value) {
  const pair = dictionary(value, 'pipeThrough');
  const { readable } = pair;
  if (!isReadable(readable)) throw new TypeError('pipeThrough: readable must be a ReadableStream');
  const { writable } = pair;
  if (!isWritable(writable)) throw new TypeError('pipeThrough: writable must be a WritableStream');
  return { readable, writable: writableState(writable) };
}

/** Gives a controller the algorithms of a script's source, and starts it. */
function startReadable(control, source, { start, pull, cancel }) {
  const object = control.object;
  if (pull) control.pullAlgorithm = () => promiseOf(pull, source, [object]);
  if (cancel) control.cancelAlgorithm = (reason) => promiseOf(cancel, source, [reason]);
  control.start(start ? apply(start, source, [object]) : undefined);
}

/** A stream of the platform's own over `pull(control)` and `cancel(reason)`, which may give promises. */
function createReadable({ start, pull, cancel }, highWaterMark = 1, size = undefined) {
  return createOver(new DefaultControl(new ReadableState(), highWaterMark, size), start, pull, cancel);
}

/** The same for bytes: `control.enqueue` takes views and keeps their buffers. */
function createByteReadable({ start, pull, cancel }, highWaterMark = 0) {
  return createOver(new ByteControl(new ReadableState(), highWaterMark, undefined), start, pull, cancel);
}

function createOver(control, start, pull, cancel) {
  const { state } = control;
  state.stream = new ReadableStream(internal, state);
  if (pull) control.pullAlgorithm = () => ownPromise(pull, control);
  if (cancel) control.cancelAlgorithm = (reason) => ownPromise(cancel, reason);
  control.start(start === undefined ? undefined : start(control));
  return state;
}

/** For bodies: a stream of bytes over `{pull(control), cancel(reason)}`; what is pulled is what is asked for. */
function streamOfChunks(source) { return createByteReadable({ __proto__: null, ...source }).stream; }

/** For bodies: a stream of bytes that are there. The stream takes the view's buffer. */
function streamOfBytes(bytes) {
  return createByteReadable({ start(control) { if (bytes.byteLength > 0) control.enqueue(bytes); control.close(); } }).stream;
}

function isDisturbed(stream) { return readableState(stream).disturbed; }

function readableCancel(state, reason) {
  state.disturbed = true;
  if (state.state === 'closed') return resolvedWith(undefined);
  if (state.state === 'errored') return rejectedWith(state.stored);
  readableClose(state);
  const { reader } = state;
  if (reader !== null && reader.byob) for (const request of reader.requests.splice(0)) request.close(undefined);
  return then(state.controller.cancelSteps(reason), nothing);
}

function readableClose(state) {
  state.state = 'closed';
  const { reader } = state;
  if (reader === null) return;
  reader.closed.resolve(undefined);
  if (!reader.byob) for (const request of reader.requests.splice(0)) request.close(undefined);
}

function readableError(state, error) {
  state.state = 'errored';
  state.stored = error;
  const { reader } = state;
  if (reader === null) return;
  reader.closed.reject(error);
  handled(reader.closed.promise);
  for (const request of reader.requests.splice(0)) request.error(error);
}

/** What the controllers of both kinds have in common: pulling. */
class ReadableControl {
  state; highWaterMark; started = false; closeRequested = false; pulling = false; pullAgain = false;
  pullAlgorithm = undefined; cancelAlgorithm = undefined; #object = null;
  constructor(state, highWaterMark) {
    this.state = state;
    this.highWaterMark = highWaterMark;
    state.controller = this;
  }
  /** What scripts hold. */
  get object() { return (this.#object ??= this.makeObject()); }
  start(result) {
    then(resolvedWith(result), () => { this.started = true; this.callPull(); }, (error) => this.error(error));
  }
  clearAlgorithms() { this.pullAlgorithm = undefined; this.cancelAlgorithm = undefined; this.sizeAlgorithm = undefined; }
  cancelSteps(reason) {
    this.clearWaiting();
    const result = this.cancelAlgorithm === undefined ? resolvedWith(undefined) : this.cancelAlgorithm(reason);
    this.clearAlgorithms();
    return result;
  }
  callPull() {
    if (!this.shouldPull()) return;
    if (this.pulling) { this.pullAgain = true; return; }
    this.pulling = true;
    const pulled = this.pullAlgorithm === undefined ? resolvedWith(undefined) : this.pullAlgorithm();
    then(pulled, () => {
      this.pulling = false;
      if (this.pullAgain) { this.pullAgain = false; this.callPull(); }
    }, (error) => this.error(error));
  }
  shouldPull() {
    const { state } = this;
    if (state.state !== 'readable' || this.closeRequested || !this.started) return false;
    return (state.reader !== null && state.reader.requests.length > 0) || this.desiredSize > 0;
  }
  get desiredSize() {
    switch (this.state.state) {
      case 'errored': return null;
      case 'closed': return 0;
      default: return this.highWaterMark - this.total;
    }
  }
  error(error) {
    if (this.state.state !== 'readable') return;
    this.clearWaiting();
    this.clearAlgorithms();
    readableError(this.state, error);
  }
}

class DefaultControl extends ReadableControl {
  queue = new SizedQueue(); sizeAlgorithm;
  constructor(state, highWaterMark, size) { super(state, highWaterMark); this.sizeAlgorithm = size; }
  makeObject() { return new ReadableStreamDefaultController(internal, this); }
  get total() { return this.queue.total; }
  clearWaiting() { this.queue.clear(); }
  pullSteps(request) {
    if (this.queue.length === 0) {
      this.state.reader.requests.push(request);
      this.callPull();
      return;
    }
    const chunk = this.queue.shift();
    if (this.closeRequested && this.queue.length === 0) { this.clearAlgorithms(); readableClose(this.state); } else this.callPull();
    request.chunk(chunk);
  }
  releaseSteps() {}
  get canEnqueue() { return !this.closeRequested && this.state.state === 'readable'; }
  close() {
    if (!this.canEnqueue) return;
    this.closeRequested = true;
    if (this.queue.length === 0) { this.clearAlgorithms(); readableClose(this.state); }
  }
  enqueue(chunk) {
    if (!this.canEnqueue) return;
    const { reader } = this.state;
    if (reader !== null && reader.requests.length > 0) {
      reader.requests.shift().chunk(chunk);
    } else {
      try {
        this.queue.push(chunk, this.sizeAlgorithm === undefined ? 1 : this.sizeAlgorithm(chunk));
      } catch (error) {
        this.error(error);
        throw error;
      }
    }
    this.callPull();
  }
}

class ReadableStreamDefaultController {
  #c;
  constructor(key = undefined, control = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    this.#c = control;
  }
  get desiredSize() { return this.#c.desiredSize; }
  close() {
    if (!this.#c.canEnqueue) throw new TypeError('close: the stream is closed or has failed');
    this.#c.close();
  }
  enqueue(chunk = undefined) {
    if (!this.#c.canEnqueue) throw new TypeError('enqueue: the stream is closed or has failed');
    this.#c.enqueue(chunk);
  }
  error(error = undefined) { this.#c.error(error); }
}
tag(ReadableStreamDefaultController, 'ReadableStreamDefaultController');
