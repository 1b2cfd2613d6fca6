// Transform streams (Streams Standard §6).

class TransformState {
  readable; writable; controller; backpressure = undefined; changed = null;
  constructor(started, writableMark, writableSize, readableMark, readableSize) {
    const start = () => started;
    this.writable = createWritable({
      start, write: (chunk) => this.#write(chunk), close: () => this.#close(), abort: (reason) => this.#abort(reason),
    }, writableMark, writableSize);
    this.readable = createReadable({
      start, pull: () => { this.setBackpressure(false); return this.changed.promise; }, cancel: (reason) => this.#cancel(reason),
    }, readableMark, readableSize);
    this.setBackpressure(true);
  }
  setBackpressure(backpressure) {
    this.changed?.resolve(undefined);
    this.changed = new Deferred();
    this.backpressure = backpressure;
  }
  error(error) {
    this.readable.controller.error(error);
    this.errorWritable(error);
  }
  errorWritable(error) {
    this.controller.clearAlgorithms();
    this.writable.controller.errorIfNeeded(error);
    this.#unblock();
  }
  #unblock() { if (this.backpressure) this.setBackpressure(false); }
  #write(chunk) {
    if (!this.backpressure) return this.#transform(chunk);
    return then(this.changed.promise, () => {
      if (this.writable.state === 'erroring') throw this.writable.stored;
      return this.#transform(chunk);
    });
  }
  #transform(chunk) {
    return then(this.controller.transformAlgorithm(chunk), undefined, (error) => { this.error(error); throw error; });
  }
  /** Runs the last algorithm once, whichever side asks for it first; `over` says what its success means. */
  #finish(algorithm, failedSide, over, failed) {
    const { controller } = this;
    if (controller.finished !== null) return controller.finished.promise;
    const finished = controller.finished = new Deferred();
    const result = algorithm();
    controller.clearAlgorithms();
    then(result, () => {
      if (failedSide.state === 'errored') finished.reject(failedSide.stored); else { over(); finished.resolve(undefined); }
    }, (error) => { failed(error); finished.reject(error); });
    return finished.promise;
  }
  #close() {
    const { readable } = this;
    return this.#finish(() => this.controller.flushAlgorithm(), readable, () => readable.controller.close(),
      (error) => readable.controller.error(error));
  }
  #abort(reason) {
    const { readable } = this;
    return this.#finish(() => this.controller.cancelAlgorithm(reason), readable, () => readable.controller.error(reason),
      (error) => readable.controller.error(error));
  }
  #cancel(reason) {
    const fail = (error) => { this.writable.controller.errorIfNeeded(error); this.#unblock(); };
    return this.#finish(() => this.controller.cancelAlgorithm(reason), this.writable, () => fail(reason), fail);
  }
}

class TransformControl {
  state; finished = null; transformAlgorithm; flushAlgorithm; cancelAlgorithm; #object = null;
  constructor(state) {
    this.state = state;
    state.controller = this;
    this.clearAlgorithms();
    this.transformAlgorithm = (chunk) => {
      try { this.enqueue(chunk); return resolvedWith(undefined); } catch (error) { return rejectedWith(error); }
    };
  }
  get object() { return (this.#object ??= new TransformStreamDefaultController(internal, this)); }
  get desiredSize() { return this.state.readable.controller.desiredSize; }
  clearAlgorithms() { this.transformAlgorithm = this.flushAlgorithm = this.cancelAlgorithm = () => resolvedWith(undefined); }
  enqueue(chunk) {
    const { state } = this;
    const output = state.readable.controller;
    if (!output.canEnqueue) throw new TypeError('enqueue: the readable side is closed or has failed');
    try {
      output.enqueue(chunk);
    } catch (error) {
      state.errorWritable(error);
      throw state.readable.stored;
    }
    if (!output.shouldPull() !== state.backpressure) state.setBackpressure(true);
  }
  error(error) { this.state.error(error); }
  terminate() {
    this.state.readable.controller.close();
    this.state.errorWritable(new TypeError('The transform stream was terminated'));
  }
}

let transformState;
let isTransform;

class TransformStream {
  #t;
  static { transformState = (stream) => stream.#t; isTransform = (value) => isObject(value) && #t in value; }
  constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
    if (transformer === internal) { this.#t = writableStrategy; return; }
    const writableStrategies = strategyOf(writableStrategy);
    const readableStrategies = strategyOf(readableStrategy);
    if (transformer === undefined) transformer = {};
    else if (!isObject(transformer)) throw new TypeError('TransformStream: the transformer must be an object');
    const [cancel, flush] = ['cancel', 'flush'].map((name) => callbackOf(transformer, name));
    const { readableType } = transformer;
    const [start, transform] = ['start', 'transform'].map((name) => callbackOf(transformer, name));
    const { writableType } = transformer;
    if (readableType !== undefined || writableType !== undefined) throw new RangeError('TransformStream: there are no types of sides');
    const readableMark = highWaterMarkOf(readableStrategies, 0);
    const writableMark = highWaterMarkOf(writableStrategies, 1);
    const started = new Deferred();
    const state = this.#t = new TransformState(started.promise, writableMark, sizeOf(writableStrategies), readableMark, sizeOf(readableStrategies));
    const control = new TransformControl(state);
    const object = control.object;
    if (transform) control.transformAlgorithm = (chunk) => promiseOf(transform, transformer, [chunk, object]);
    if (flush) control.flushAlgorithm = () => promiseOf(flush, transformer, [object]);
    if (cancel) control.cancelAlgorithm = (reason) => promiseOf(cancel, transformer, [reason]);
    started.resolve(start ? apply(start, transformer, [object]) : undefined);
  }
  get readable() { return this.#t.readable.stream; }
  get writable() { return this.#t.writable.stream; }
}
tag(TransformStream, 'TransformStream');

class TransformStreamDefaultController {
  #c;
  constructor(key = undefined, control = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    this.#c = control;
  }
  get desiredSize() { return this.#c.desiredSize; }
  enqueue(chunk = undefined) { this.#c.enqueue(chunk); }
  error(reason = undefined) { this.#c.error(reason); }
  terminate() { this.#c.terminate(); }
}
tag(TransformStreamDefaultController, 'TransformStreamDefaultController');

/** A transform of the platform's own: `transform(chunk, control)`, `flush(control)`, `cancel(reason)`. */
function createTransform({ transform, flush, cancel }) {
  const state = new TransformState(resolvedWith(undefined), 1, undefined, 0, undefined);
  const control = new TransformControl(state);
  if (transform) control.transformAlgorithm = (chunk) => ownPromise(transform, chunk, control);
  if (flush) control.flushAlgorithm = () => ownPromise(flush, control);
  if (cancel) control.cancelAlgorithm = (reason) => ownPromise(cancel, reason);
  return state;
}
