// Writable streams (Streams Standard §5).

/** What a writable stream is behind the object that scripts hold. Requests in flight and queued are Deferreds. */
class WritableState {
  stream = null; controller = null; writer = null; state = 'writable'; stored = undefined; backpressure = false;
  writes = []; writing = null; closeRequest = null; closing = null; pendingAbort = null;
}

let writableState;
let isWritable;

class WritableStream {
  #s;
  static { writableState = (stream) => stream.#s; isWritable = (value) => isObject(value) && #s in value; }
  constructor(sink = undefined, strategy = undefined) {
    if (sink === internal) { this.#s = strategy; return; }
    const strategies = strategyOf(strategy);
    if (sink === undefined) sink = {};
    else if (!isObject(sink)) throw new TypeError('WritableStream: the sink must be an object');
    const [abort, close, start] = ['abort', 'close', 'start'].map((name) => callbackOf(sink, name));
    const { type } = sink;
    const write = callbackOf(sink, 'write');
    if (type !== undefined) throw new RangeError('WritableStream: there are no types of sinks');
    const state = this.#s = new WritableState();
    state.stream = this;
    const control = new WritableControl(state, highWaterMarkOf(strategies, 1), sizeOf(strategies));
    const object = control.object;
    if (write) control.writeAlgorithm = (chunk) => promiseOf(write, sink, [chunk, object]);
    if (close) control.closeAlgorithm = () => promiseOf(close, sink, []);
    if (abort) control.abortAlgorithm = (reason) => promiseOf(abort, sink, [reason]);
    control.prepare();
    control.start(start ? apply(start, sink, [object]) : undefined);
  }
  get locked() { return this.#s.writer !== null; }
  abort(reason = undefined) {
    if (!isWritable(this)) return rejectedWith(wrongObject('abort'));
    return this.#s.writer !== null ? rejectedWith(new TypeError('abort: the stream is locked')) : writableAbort(this.#s, reason);
  }
  close() {
    if (!isWritable(this)) return rejectedWith(wrongObject('close'));
    if (this.#s.writer !== null) return rejectedWith(new TypeError('close: the stream is locked'));
    if (closeQueuedOrInFlight(this.#s)) return rejectedWith(new TypeError('close: the stream is closing'));
    return writableClose(this.#s);
  }
  getWriter() { void this.#s; return new WritableStreamDefaultWriter(this); }
}
tag(WritableStream, 'WritableStream');

/** A stream of the platform's own. */
function createWritable({ start, write, close, abort }, highWaterMark = 1, size = undefined) {
  const state = new WritableState();
  const control = new WritableControl(state, highWaterMark, size);
  state.stream = new WritableStream(internal, state);
  control.writeAlgorithm = write;
  control.closeAlgorithm = close;
  control.abortAlgorithm = abort;
  control.prepare();
  control.start(start === undefined ? undefined : start(control));
  return state;
}

const closeQueuedOrInFlight = (state) => state.closeRequest !== null || state.closing !== null;
const closedError = (what) => new TypeError(`${what}: the stream is closed`);

function writableAbort(state, reason) {
  if (state.state === 'closed' || state.state === 'errored') return resolvedWith(undefined);
  state.controller.signalAbort(reason);
  if (state.state === 'closed' || state.state === 'errored') return resolvedWith(undefined);
  if (state.pendingAbort !== null) return state.pendingAbort.result.promise;
  const erroring = state.state === 'erroring';
  const result = new Deferred();
  state.pendingAbort = { result, reason: erroring ? undefined : reason, erroring };
  if (!erroring) startErroring(state, reason);
  return result.promise;
}

function writableClose(state) {
  if (state.state === 'closed' || state.state === 'errored') return rejectedWith(closedError('close'));
  state.closeRequest = new Deferred();
  const { promise } = state.closeRequest;
  if (state.writer !== null && state.backpressure && state.state === 'writable') state.writer.ready.resolve(undefined);
  state.controller.close();
  return promise;
}

function startErroring(state, reason) {
  state.state = 'erroring';
  state.stored = reason;
  state.writer?.rejectReady(reason);
  if (state.writing === null && state.closing === null && state.controller.started) finishErroring(state);
}

function dealWithRejection(state, error) {
  if (state.state === 'writable') startErroring(state, error); else finishErroring(state);
}

function finishErroring(state) {
  state.state = 'errored';
  state.controller.queue.clear();
  for (const write of state.writes.splice(0)) write.reject(state.stored);
  const abort = state.pendingAbort;
  state.pendingAbort = null;
  if (abort === null || abort.erroring) {
    abort?.result.reject(state.stored);
    rejectClosed(state);
    return;
  }
  then(state.controller.abortSteps(abort.reason), () => { abort.result.resolve(undefined); rejectClosed(state); },
    (error) => { abort.result.reject(error); rejectClosed(state); });
}

function rejectClosed(state) {
  if (state.closeRequest !== null) {
    state.closeRequest.reject(state.stored);
    state.closeRequest = null;
  }
  if (state.writer !== null) {
    state.writer.closed.reject(state.stored);
    handled(state.writer.closed.promise);
  }
}

function updateBackpressure(state, backpressure) {
  if (state.writer !== null && backpressure !== state.backpressure) {
    if (backpressure) state.writer.ready = new Deferred(); else state.writer.ready.resolve(undefined);
  }
  state.backpressure = backpressure;
}

const CLOSE = Symbol('close');

class WritableControl {
  state; highWaterMark; sizeAlgorithm; queue = new SizedQueue(); started = false;
  writeAlgorithm; closeAlgorithm; abortAlgorithm; #object = null; #aborter = null; #aborted = null;
  constructor(state, highWaterMark, size) {
    this.state = state;
    this.highWaterMark = highWaterMark;
    this.sizeAlgorithm = size;
    state.controller = this;
  }
  get object() { return (this.#object ??= new WritableStreamDefaultController(internal, this)); }
  get signal() {
    if (this.#aborter === null) {
      this.#aborter = new AbortController();
      if (this.#aborted !== null) this.#aborter.abort(this.#aborted[0]);
    }
    return this.#aborter.signal;
  }
  signalAbort(reason) { if (this.#aborter !== null) this.#aborter.abort(reason); else this.#aborted ??= [reason]; }
  prepare() { updateBackpressure(this.state, this.backpressure); }
  start(result) {
    then(resolvedWith(result), () => { this.started = true; this.advance(); },
      (error) => { this.started = true; dealWithRejection(this.state, error); });
  }
  get desiredSize() { return this.highWaterMark - this.queue.total; }
  get backpressure() { return this.desiredSize <= 0; }
  clearAlgorithms() { this.writeAlgorithm = this.closeAlgorithm = this.abortAlgorithm = this.sizeAlgorithm = undefined; }
  abortSteps(reason) {
    const result = this.abortAlgorithm === undefined ? resolvedWith(undefined) : this.abortAlgorithm(reason);
    this.clearAlgorithms();
    return result;
  }
  chunkSize(chunk) {
    if (this.sizeAlgorithm === undefined) return 1;
    try { return this.sizeAlgorithm(chunk); } catch (error) { this.errorIfNeeded(error); return 1; }
  }
  close() { this.queue.push(CLOSE, 0); this.advance(); }
  write(chunk, size) {
    try { this.queue.push(chunk, size); } catch (error) { this.errorIfNeeded(error); return; }
    if (!closeQueuedOrInFlight(this.state) && this.state.state === 'writable') updateBackpressure(this.state, this.backpressure);
    this.advance();
  }
  advance() {
    const { state } = this;
    if (!this.started || state.writing !== null) return;
    if (state.state === 'erroring') { finishErroring(state); return; }
    if (this.queue.length === 0) return;
    const chunk = this.queue.peek();
    if (chunk === CLOSE) this.#close(); else this.#write(chunk);
  }
  error(error) { this.clearAlgorithms(); startErroring(this.state, error); }
  errorIfNeeded(error) { if (this.state.state === 'writable') this.error(error); }
  #close() {
    const { state } = this;
    state.closing = state.closeRequest;
    state.closeRequest = null;
    this.queue.shift();
    const closed = this.closeAlgorithm === undefined ? resolvedWith(undefined) : this.closeAlgorithm();
    this.clearAlgorithms();
    then(closed, () => {
      state.closing.resolve(undefined);
      state.closing = null;
      if (state.state === 'erroring') {
        state.stored = undefined;
        state.pendingAbort?.result.resolve(undefined);
        state.pendingAbort = null;
      }
      state.state = 'closed';
      state.writer?.closed.resolve(undefined);
    }, (error) => {
      state.closing.reject(error);
      state.closing = null;
      state.pendingAbort?.result.reject(error);
      state.pendingAbort = null;
      dealWithRejection(state, error);
    });
  }
  #write(chunk) {
    const { state } = this;
    state.writing = state.writes.shift();
    const written = this.writeAlgorithm === undefined ? resolvedWith(undefined) : this.writeAlgorithm(chunk, this);
    then(written, () => {
      state.writing.resolve(undefined);
      state.writing = null;
      this.queue.shift();
      if (!closeQueuedOrInFlight(state) && state.state === 'writable') updateBackpressure(state, this.backpressure);
      this.advance();
    }, (error) => {
      if (state.state === 'writable') this.clearAlgorithms();
      state.writing.reject(error);
      state.writing = null;
      dealWithRejection(state, error);
    });
  }
}

class WritableStreamDefaultController {
  #c;
  constructor(key = undefined, control = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    this.#c = control;
  }
  get signal() { return this.#c.signal; }
  error(error = undefined) { this.#c.errorIfNeeded(error); }
}
tag(WritableStreamDefaultController, 'WritableStreamDefaultController');

/** What a writer is behind the object that scripts hold. */
class WriterState {
  stream; ready; closed;
  constructor(state) {
    if (state.writer !== null) throw new TypeError('The stream is locked');
    this.stream = state;
    state.writer = this;
    switch (state.state) {
      case 'writable':
        this.ready = !closeQueuedOrInFlight(state) && state.backpressure ? new Deferred() : Deferred.resolved();
        this.closed = new Deferred();
        break;
      case 'erroring':
        this.ready = Deferred.rejected(state.stored);
        this.closed = new Deferred();
        break;
      case 'closed':
        this.ready = Deferred.resolved();
        this.closed = Deferred.resolved();
        break;
      default:
        this.ready = Deferred.rejected(state.stored);
        this.closed = Deferred.rejected(state.stored);
    }
  }
  rejectReady(error) {
    if (this.ready.settled) this.ready = Deferred.rejected(error); else { this.ready.reject(error); handled(this.ready.promise); }
  }
  get desiredSize() {
    switch (this.stream.state) {
      case 'errored': case 'erroring': return null;
      case 'closed': return 0;
      default: return this.stream.controller.desiredSize;
    }
  }
  write(chunk) {
    const state = this.stream;
    const size = state.controller.chunkSize(chunk);
    // Asking for the size may run code of the script.
    if (state !== this.stream) return rejectedWith(new TypeError('write: the writer was released'));
    if (state.state === 'errored') return rejectedWith(state.stored);
    if (closeQueuedOrInFlight(state) || state.state === 'closed') return rejectedWith(closedError('write'));
    if (state.state === 'erroring') return rejectedWith(state.stored);
    const request = new Deferred();
    state.writes.push(request);
    state.controller.write(chunk, size);
    return request.promise;
  }
  closeAfterPipe() {
    const state = this.stream;
    if (closeQueuedOrInFlight(state) || state.state === 'closed') return resolvedWith(undefined);
    return state.state === 'errored' ? rejectedWith(state.stored) : writableClose(state);
  }
  release() {
    const state = this.stream;
    if (state === undefined) return;
    const error = new TypeError('The writer was released');
    this.rejectReady(error);
    if (this.closed.settled) this.closed = Deferred.rejected(error); else { this.closed.reject(error); handled(this.closed.promise); }
    state.writer = null;
    this.stream = undefined;
  }
}

function acquireWriter(state) { return new WriterState(state); }

const writerReleased = () => rejectedWith(new TypeError('The writer was released'));

class WritableStreamDefaultWriter {
  #w;
  constructor(stream) {
    if (!isWritable(stream)) throw new TypeError('WritableStreamDefaultWriter: a WritableStream is needed');
    this.#w = acquireWriter(writableState(stream));
  }
  get closed() { return isObject(this) && #w in this ? this.#w.closed.promise : rejectedWith(wrongObject('closed')); }
  get desiredSize() {
    if (this.#w.stream === undefined) throw new TypeError('The writer was released');
    return this.#w.desiredSize;
  }
  get ready() { return isObject(this) && #w in this ? this.#w.ready.promise : rejectedWith(wrongObject('ready')); }
  abort(reason = undefined) {
    if (!isObject(this) || !(#w in this)) return rejectedWith(wrongObject('abort'));
    return this.#w.stream === undefined ? writerReleased() : writableAbort(this.#w.stream, reason);
  }
  close() {
    if (!isObject(this) || !(#w in this)) return rejectedWith(wrongObject('close'));
    const { stream } = this.#w;
    if (stream === undefined) return writerReleased();
    return closeQueuedOrInFlight(stream) ? rejectedWith(new TypeError('close: the stream is closing')) : writableClose(stream);
  }
  releaseLock() { this.#w.release(); }
  write(chunk = undefined) {
    if (!isObject(this) || !(#w in this)) return rejectedWith(wrongObject('write'));
    return this.#w.stream === undefined ? writerReleased() : this.#w.write(chunk);
  }
}
tag(WritableStreamDefaultWriter, 'WritableStreamDefaultWriter');
