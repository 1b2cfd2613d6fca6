// Streams of bytes (Streams Standard §4.7, §4.8, §4.9.5): the controller, its requests, and what waits to be filled.

const transferBuffer = ArrayBuffer.prototype.transfer;
const detach = (buffer) => apply(transferBuffer, buffer, []);

/** A part of a buffer as bytes of a new buffer. With `set`, as `slice` goes byte by byte here. */
function copyBytes(buffer, offset, length) {
  const copy = new Uint8Array(length);
  copy.set(new Uint8Array(buffer, offset, length));
  return copy;
}

class ByteControl extends ReadableControl {
  autoAllocate; queue = []; total = 0; pending = []; request = null;
  constructor(state, highWaterMark, autoAllocate) {
    super(state, highWaterMark);
    this.autoAllocate = autoAllocate;
  }
  makeObject() { return new ReadableByteStreamController(internal, this); }
  #invalidateRequest() {
    if (this.request === null) return;
    this.request.controller = undefined;
    this.request.view = null;
    this.request = null;
  }
  clearWaiting() {
    this.#invalidateRequest();
    this.pending = [];
    this.queue = [];
    this.total = 0;
  }
  pullSteps(request) {
    if (this.total > 0) { this.#fillRequest(request); return; }
    if (this.autoAllocate !== undefined) {
      let buffer;
      try { buffer = new ArrayBuffer(this.autoAllocate); } catch (error) { request.error(error); return; }
      this.pending.push({
        buffer, bufferLength: this.autoAllocate, byteOffset: 0, byteLength: this.autoAllocate, filled: 0, least: 1, elementSize: 1,
        constructor: Uint8Array, reader: 'default',
      });
    }
    this.state.reader.requests.push(request);
    this.callPull();
  }
  releaseSteps() {
    if (this.pending.length > 0) {
      this.pending[0].reader = 'none';
      this.pending.length = 1;
    }
  }
  close() {
    if (this.closeRequested || this.state.state !== 'readable') return;
    if (this.total > 0) { this.closeRequested = true; return; }
    if (this.pending.length > 0 && this.pending[0].filled % this.pending[0].elementSize !== 0) {
      const error = new TypeError('close: a view is filled with a part of an element');
      this.error(error);
      throw error;
    }
    this.clearAlgorithms();
    readableClose(this.state);
  }
  enqueue(chunk) {
    if (this.closeRequested || this.state.state !== 'readable') return;
    const { buffer, byteOffset, byteLength } = chunk;
    if (buffer.detached) throw new TypeError('enqueue: the buffer is detached');
    const own = detach(buffer);
    if (this.pending.length > 0) {
      const first = this.pending[0];
      if (first.buffer.detached) throw new TypeError('enqueue: the buffer that was to be filled is detached');
      this.#invalidateRequest();
      first.buffer = detach(first.buffer);
      if (first.reader === 'none') this.#queueDetached(first);
    }
    const { reader } = this.state;
    if (reader !== null && !reader.byob) {
      while (reader.requests.length > 0 && this.total > 0) this.#fillRequest(reader.requests.shift());
      if (reader.requests.length === 0) this.#queueChunk(own, byteOffset, byteLength);
      else {
        if (this.pending.length > 0) this.pending.shift();
        reader.requests.shift().chunk(new Uint8Array(own, byteOffset, byteLength));
      }
    } else {
      this.#queueChunk(own, byteOffset, byteLength);
      if (reader !== null) for (const into of this.#fillPending()) this.#commit(into);
    }
    this.callPull();
  }
  #queueChunk(buffer, byteOffset, byteLength) {
    this.queue.push({ buffer, byteOffset, byteLength });
    this.total += byteLength;
  }
  #queueCopy(buffer, byteOffset, byteLength) {
    let copy;
    try { copy = copyBytes(buffer, byteOffset, byteLength); } catch (error) { this.error(error); throw error; }
    this.#queueChunk(copy.buffer, 0, byteLength);
  }
  #queueDetached(into) {
    if (into.filled > 0) this.#queueCopy(into.buffer, into.byteOffset, into.filled);
    this.pending.shift();
  }
  #fillRequest(request) {
    const { buffer, byteOffset, byteLength } = this.queue.shift();
    this.total -= byteLength;
    this.#drained();
    request.chunk(new Uint8Array(buffer, byteOffset, byteLength));
  }
  #drained() {
    if (this.total === 0 && this.closeRequested) { this.clearAlgorithms(); readableClose(this.state); } else this.callPull();
  }
  /** Fills from the queue; tells whether the view has what its reader wants at least. */
  #fill(into) {
    const most = Math.min(this.total, into.byteLength - into.filled);
    const aligned = into.filled + most - ((into.filled + most) % into.elementSize);
    const ready = aligned >= into.least;
    let left = ready ? aligned - into.filled : most;
    while (left > 0) {
      const head = this.queue[0];
      const count = Math.min(left, head.byteLength);
      new Uint8Array(into.buffer, into.byteOffset + into.filled, count).set(new Uint8Array(head.buffer, head.byteOffset, count));
      if (head.byteLength === count) this.queue.shift();
      else { head.byteOffset += count; head.byteLength -= count; }
      this.total -= count;
      into.filled += count;
      left -= count;
    }
    return ready;
  }
  #fillPending() {
    const filled = [];
    while (this.pending.length > 0 && this.total > 0 && this.#fill(this.pending[0])) filled.push(this.pending.shift());
    return filled;
  }
  #view(into) {
    return new into.constructor(detach(into.buffer), into.byteOffset, into.filled / into.elementSize);
  }
  #commit(into) {
    const view = this.#view(into);
    const request = this.state.reader.requests.shift();
    if (this.state.state === 'closed') request.close(view); else request.chunk(view);
  }
  pullInto(view, least, request) {
    const elementSize = view instanceof DataView ? 1 : view.BYTES_PER_ELEMENT;
    const { byteOffset, byteLength } = view;
    let buffer;
    try { buffer = detach(view.buffer); } catch (error) { request.error(error); return; }
    const into = {
      buffer, bufferLength: buffer.byteLength, byteOffset, byteLength, filled: 0, least: least * elementSize, elementSize,
      constructor: viewConstructor(view), reader: 'byob',
    };
    if (this.pending.length > 0) {
      this.pending.push(into);
      this.state.reader.requests.push(request);
      return;
    }
    if (this.state.state === 'closed') { request.close(new into.constructor(into.buffer, byteOffset, 0)); return; }
    if (this.total > 0) {
      if (this.#fill(into)) {
        const full = this.#view(into);
        this.#drained();
        request.chunk(full);
        return;
      }
      if (this.closeRequested) {
        const error = new TypeError('read: the stream ends with a part of an element');
        this.error(error);
        request.error(error);
        return;
      }
    }
    this.pending.push(into);
    this.state.reader.requests.push(request);
    this.callPull();
  }
  get byobRequest() {
    if (this.request === null && this.pending.length > 0) {
      const { buffer, byteOffset, byteLength, filled } = this.pending[0];
      const view = new Uint8Array(buffer, byteOffset + filled, byteLength - filled);
      this.request = { controller: this, view, object: null };
    }
    return this.request;
  }
  respond(count) {
    const first = this.pending[0];
    if (this.state.state === 'closed') {
      if (count !== 0) throw new TypeError('respond: the stream is closed');
    } else {
      if (count === 0) throw new TypeError('respond: 0 bytes are given to a closed stream only');
      if (first.filled + count > first.byteLength) throw new RangeError('respond: more bytes than the view has room for');
    }
    first.buffer = detach(first.buffer);
    this.#respond(first, count);
  }
  respondWithNewView(view) {
    const first = this.pending[0];
    const { byteOffset, byteLength, buffer } = view;
    if (this.state.state === 'closed') {
      if (byteLength !== 0) throw new TypeError('respondWithNewView: the stream is closed');
    } else if (byteLength === 0) throw new TypeError('respondWithNewView: an empty view is given to a closed stream only');
    if (first.byteOffset + first.filled !== byteOffset) throw new RangeError('respondWithNewView: the view has another offset');
    if (first.bufferLength !== buffer.byteLength) throw new RangeError('respondWithNewView: the buffer has another length');
    if (first.filled + byteLength > first.byteLength) throw new RangeError('respondWithNewView: the view is longer');
    first.buffer = detach(buffer);
    this.#respond(first, byteLength);
  }
  #respond(first, count) {
    this.#invalidateRequest();
    if (this.state.state === 'closed') this.#respondClosed(first); else this.#respondReadable(first, count);
    this.callPull();
  }
  #respondClosed(first) {
    if (first.reader === 'none') this.pending.shift();
    const { reader } = this.state;
    if (reader !== null && reader.byob) {
      const filled = [];
      while (filled.length < reader.requests.length) filled.push(this.pending.shift());
      for (const into of filled) this.#commit(into);
    }
  }
  #respondReadable(first, count) {
    first.filled += count;
    if (first.reader === 'none') {
      this.#queueDetached(first);
      for (const into of this.#fillPending()) this.#commit(into);
      return;
    }
    if (first.filled < first.least) return;
    this.pending.shift();
    const rest = first.filled % first.elementSize;
    if (rest > 0) {
      this.#queueCopy(first.buffer, first.byteOffset + first.filled - rest, rest);
      first.filled -= rest;
    }
    const filled = this.#fillPending();
    this.#commit(first);
    for (const into of filled) this.#commit(into);
  }
}

const VIEWS = new Map();
for (const view of [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
  BigInt64Array, BigUint64Array, globalThis.Float16Array]) if (view !== undefined) VIEWS.set(view.name, view);
const typedArrayName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

/** The engine's constructor for a view's kind, whatever its class. */
function viewConstructor(view) { return VIEWS.get(apply(typedArrayName, view, [])) ?? DataView; }

function checkView(view, what) {
  if (!ArrayBuffer.isView(view)) throw new TypeError(`${what}: a view of a buffer is needed`);
  if (view.buffer.detached) throw new TypeError(`${what}: the buffer is detached`);
}

class ReadableByteStreamController {
  #c;
  constructor(key = undefined, control = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    this.#c = control;
  }
  get byobRequest() {
    const request = this.#c.byobRequest;
    return request === null ? null : (request.object ??= new ReadableStreamBYOBRequest(internal, request));
  }
  get desiredSize() { return this.#c.desiredSize; }
  close() {
    if (this.#c.closeRequested || this.#c.state.state !== 'readable') throw new TypeError('close: the stream is closed or has failed');
    this.#c.close();
  }
  enqueue(chunk) {
    const control = this.#c;
    needs(arguments.length, 1, 'enqueue');
    if (!ArrayBuffer.isView(chunk)) throw new TypeError('enqueue: a view of a buffer is needed');
    if (chunk.byteLength === 0 || chunk.buffer.byteLength === 0) throw new TypeError('enqueue: the view is empty');
    if (control.closeRequested || control.state.state !== 'readable') throw new TypeError('enqueue: the stream is closed or has failed');
    control.enqueue(chunk);
  }
  error(error = undefined) { this.#c.error(error); }
}
tag(ReadableByteStreamController, 'ReadableByteStreamController');

class ReadableStreamBYOBRequest {
  #q;
  constructor(key = undefined, request = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    this.#q = request;
  }
  get view() { return this.#q.view; }
  respond(bytesWritten) {
    const request = this.#q;
    needs(arguments.length, 1, 'respond');
    const count = wholeNumber(bytesWritten, 'bytesWritten');
    if (request.controller === undefined) throw new TypeError('respond: the request is over');
    if (request.view.buffer.detached) throw new TypeError('respond: the buffer is detached');
    request.controller.respond(count);
  }
  respondWithNewView(view) {
    const request = this.#q;
    needs(arguments.length, 1, 'respondWithNewView');
    if (!ArrayBuffer.isView(view)) throw new TypeError('respondWithNewView: a view of a buffer is needed');
    if (request.controller === undefined) throw new TypeError('respondWithNewView: the request is over');
    checkView(view, 'respondWithNewView');
    request.controller.respondWithNewView(view);
  }
}
tag(ReadableStreamBYOBRequest, 'ReadableStreamBYOBRequest');
