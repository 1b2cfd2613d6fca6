// Bodies (Fetch Standard §5.2, §5.3). A body stays what it was given as (text, bytes, a body the host holds) until somebody needs it as
// a stream, so that the common cases cross the boundary once and whole.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');
const utf8 = (text) => encoder.encode(text);
const withoutMark = (text) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

/** A copy of bytes that the host hands over. With `set`, which copies at once: a constructor or `slice` goes byte by byte here. */
function copyOf(buffer) { return ownCopy(new Uint8Array(new ArrayBuffer(buffer))); }

function ownCopy(view) {
  const own = new Uint8Array(view.length);
  own.set(view);
  return own;
}

function viewOf(value) {
  if (ArrayBuffer.isView(value) && value.buffer instanceof SharedArrayBuffer) {
    throw new TypeError('A view of a SharedArrayBuffer is not taken here');
  }
  return value instanceof SharedArrayBuffer ? null : sharedViewOf(value);
}

/** The same where memory may be shared (WebIDL's [AllowShared]): for what reads it at once. What was detached is empty. */
function sharedViewOf(value) {
  const isView = ArrayBuffer.isView(value);
  if (!isView && !(value instanceof ArrayBuffer) && !(value instanceof SharedArrayBuffer)) return null;
  const buffer = isView ? value.buffer : value;
  if (buffer.resizable || buffer.growable) throw new TypeError('A buffer that changes its length is not taken here');
  if (value.byteLength === 0) return new Uint8Array(0);
  return isView ? new Uint8Array(buffer, value.byteOffset, value.byteLength) : new Uint8Array(buffer);
}

/**
 * A body that the host holds for a call: nothing of it is here before it is asked for. Its coding, if any, is taken off what is read; when
 * it is passed on as it arrived, it is sent `coded`.
 */
class HostSource {
  coded = false; aborted = false; reason = undefined; controller = null; over = null; passed = false; abortable = false;
  constructor(call, channel, coding = '') { this.call = call; this.channel = channel; this.coding = coding; }
  #wait(begun, value) {
    return new Promise((resolve, reject) => {
      if (this.aborted) reject(this.reason);
      else if (!begun()) reject(new TypeError('The body is not available any more'));
      else this.call.reads.set(this.channel, { resolve: (given, ended) => resolve(value(given, ended)), reject });
    });
  }
  chunk() {
    const { call, channel } = this;
    return this.#wait(() => host.read(call.id, channel, this.coding), (given, ended) => {
      if (ended) this.over?.();
      return ended ? null : copyOf(given);
    });
  }
  all(asText) {
    const { call, channel } = this;
    return this.#wait(() => host.collect(call.id, channel, this.coding, asText), (given) => {
      this.over?.();
      return asText ? given : copyOf(given);
    });
  }
  cancel() {
    this.over?.();
    if (!this.passed) host.cancelBody(this.call.id, this.channel);
  }
  /** Whoever reads it fails with the reason, now and later. */
  abort(reason) {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const read = this.call.reads.get(this.channel);
    this.call.reads.delete(this.channel);
    read?.reject(reason);
    this.controller?.error(reason);
    host.cancelBody(this.call.id, this.channel);
  }
}

function hostBody(source) { return { kind: 'host', source, used: false }; }
function textBody(text) { return { kind: 'text', text, used: false }; }
function bytesBody(bytes) { return { kind: 'bytes', bytes, shared: false, used: false }; }

/** The streams that were made for bodies the host holds: while nobody has touched one, its bytes need not come here to be passed on. */
const hostStreams = new WeakMap();

/** What parts of the web API bring as bodies: each gives a body and its type for a value of its kind, else null. */
const bodyKinds = [];

/** Extracts a body (Fetch Standard §5.2): the body, null for none, and the content type it brings. */
function extractBody(init, what) {
  if (init === null || init === undefined) return [null, null];
  if (typeof init === 'object') {
    if (isReadable(init)) {
      if (init.locked || isDisturbed(init)) throw new TypeError(`${what}: the stream is locked or was read`);
      return [{ kind: 'stream', stream: init, used: false }, null];
    }
    const bytes = viewOf(init);
    if (bytes) return [bytesBody(ownCopy(bytes)), null];
    if (init instanceof URLSearchParams) return [textBody(init.toString()), 'application/x-www-form-urlencoded;charset=UTF-8'];
    for (const kind of bodyKinds) {
      const made = kind(init);
      if (made !== null) return made;
    }
  }
  return [textBody(scalar(init)), 'text/plain;charset=UTF-8'];
}

/** The body as a stream, from now on. */
function streamOf(body) {
  if (body.stream) return body.stream;
  if (body.used) {
    body.stream = streamOfBytes(new Uint8Array(0));
    const reader = acquireReader(readableState(body.stream));
    reader.read({ chunk: nothing, close: nothing, error: nothing });
  } else if (body.kind === 'host') {
    const { source } = body;
    body.stream = streamOfChunks({
      start(control) {
        source.controller = control;
        if (source.aborted) control.error(source.reason);
      },
      pull: (control) => then(source.chunk(), (chunk) => {
        if (chunk !== null) control.enqueue(chunk); else endStream(control);
      }),
      cancel() { source.cancel(); },
    });
    hostStreams.set(body.stream, source);
  } else {
    body.stream = streamOfBytes(body.kind === 'text' ? utf8(body.text) : body.shared ? ownCopy(body.bytes) : body.bytes);
  }
  body.kind = 'stream';
  return body.stream;
}

/** Ends a stream of bytes, and with it what waits in a reader's own buffer. */
function endStream(control) {
  control.close();
  if (control.pending.length > 0) control.respond(0);
}

function isUsed(body) { return body !== null && (body.used || (body.stream !== undefined && isDisturbed(body.stream))); }
function isUnusable(body) { return isUsed(body) || Boolean(body?.stream?.locked); }

/** Reads all of a body, as text or as bytes that nobody else has. */
async function consume(body, asText) {
  if (body === null) return asText ? '' : new Uint8Array(0);
  if (isUnusable(body)) throw new TypeError('The body was already read, or is locked');
  body.used = true;
  switch (body.kind) {
    case 'text': return asText ? withoutMark(body.text) : utf8(body.text);
    case 'bytes': return asText ? decoder.decode(body.bytes) : body.shared ? ownCopy(body.bytes) : body.bytes;
    case 'host': {
      const all = await body.source.all(asText);
      return asText ? withoutMark(all) : all;
    }
    default: return collect(body.stream, asText);
  }
}

/** Hands each chunk of a stream to `take`; what that promises is awaited before the next. Settles as the stream ends or either fails. */
function eachChunk(reader, take) {
  return new PromiseOf((resolve, reject) => {
    let inside = false;
    let again = false;
    const next = () => {
      if (inside) { again = true; return; }
      inside = true;
      do { again = false; reader.read(request); } while (again);
      inside = false;
    };
    const request = {
      chunk(value) {
        try {
          const taken = take(value);
          if (taken === undefined) next(); else then(taken, next, reject);
        } catch (error) {
          reject(error);
        }
      },
      close() { resolve(undefined); },
      error: reject,
    };
    next();
  });
}

async function collect(stream, asText) {
  const reader = acquireReader(readableState(stream));
  const chunks = [];
  let length = 0;
  await eachChunk(reader, (value) => {
    if (!(value instanceof Uint8Array)) {
      const error = new TypeError('The stream gave something else than a Uint8Array');
      handled(reader.cancel(error));
      throw error;
    }
    chunks.push(value);
    length += value.length;
  });
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) { all.set(chunk, at); at += chunk.length; }
  return asText ? decoder.decode(all) : all;
}

function cloneBody(body, what) {
  if (body === null) return null;
  if (isUnusable(body)) throw new TypeError(`${what}: the body was already read, or is locked`);
  if (body.kind === 'bytes') body.shared = true;
  if (body.kind !== 'host' && body.kind !== 'stream') return { ...body };
  const state = readableState(streamOf(body));
  const [one, two] = state.controller instanceof ByteControl ? teeBytes(state) : teeValues(state, true);
  body.stream = one.stream;
  return { kind: 'stream', stream: two.stream, used: false };
}

/** The body for another owner (Fetch Standard, "create a proxy"): for its present one it counts as read. */
function movedBody(body) {
  const moved = { ...body };
  if (body.stream !== undefined) {
    const state = readableState(body.stream);
    const source = hostStreams.get(body.stream);
    const reader = acquireReader(state);
    const bytes = state.controller instanceof ByteControl;
    const made = {
      __proto__: null,
      pull: (control) => new PromiseOf((resolve) => reader.read({
        chunk(value) { control.enqueue(value); resolve(undefined); },
        close() { if (bytes) endStream(control); else control.close(); resolve(undefined); },
        error(reason) { control.error(reason); resolve(undefined); },
      })),
      cancel: (reason) => reader.cancel(reason),
    };
    moved.stream = (bytes ? createByteReadable(made) : createReadable(made, 0)).stream;
    if (source !== undefined) hostStreams.set(moved.stream, source);
  }
  body.used = true;
  return moved;
}

/** Gives a class the members of the mixin Body (Fetch Standard §5.3); `bodyOf` and `headersOf` refuse other objects. */
function mixBody(constructor, bodyOf, headersOf) {
  const methods = {
    get body() { const body = bodyOf(this); return body === null ? null : streamOf(body); },
    get bodyUsed() { return isUsed(bodyOf(this)); },
    async arrayBuffer() { return (await consume(bodyOf(this), false)).buffer; },
    async blob() {
      const body = bodyOf(this);
      const type = part('blob').contentType(headersOf(this));
      return part('blob').blobOf(await consume(body, false), type);
    },
    async bytes() { return consume(bodyOf(this), false); },
    async formData() {
      const body = bodyOf(this);
      const type = part('blob').mimeType(headersOf(this));
      return part('formdata').parse(await consume(body, false), type);
    },
    async json() { return JSON.parse(await consume(bodyOf(this), true)); },
    async text() { return consume(bodyOf(this), true); },
  };
  Object.defineProperties(constructor.prototype, Object.getOwnPropertyDescriptors(methods));
}

/** A body for a primitive that takes one whole: kind, value, offset, length; kind 3 is one that is pumped afterwards. */
function wholeOf(body) {
  if (body === null) return [0, null, 0, 0];
  if (body.kind === 'text') return [1, body.text, 0, 0];
  if (body.kind === 'bytes') return [2, body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength];
  return [3, null, 0, 0];
}

function drained(call, channel) { return new Promise((resolve) => call.drains.set(channel, resolve)); }

/** Where the host holds this body, when nothing of it was read; else null. */
function untouchedSource(body) {
  if (body.kind === 'host') return body.used ? null : body.source;
  const source = isUnusable(body) ? undefined : hostStreams.get(body.stream);
  return source === undefined || source.aborted ? null : source;
}

/** Why a body is not sent to its end when its receiver does not want the rest. */
const UNWANTED = Symbol('unwanted');

/** The channel of a body that is sent as it came, without a word of the script; -1 for any other. */
function passedFrom(call, body) {
  const source = body === null ? null : untouchedSource(body);
  return source !== null && source.call === call && (source.coding === '' || source.coded) ? source.channel : -1;
}

/** Sends a streamed body on a channel; resolves when its end was handed over. `began` is told the reader. */
async function pump(call, channel, body, began) {
  const from = passedFrom(call, body);
  const source = from < 0 ? null : untouchedSource(body);
  if (source !== null && host.splice(call.id, from, channel, !source.abortable)) {
    body.used = true;
    source.passed = true;
    if (body.stream !== undefined) {
      const state = readableState(body.stream);
      handled(readableCancel(state, undefined));
      acquireReader(state);
    }
    await drained(call, channel);
    source.over?.();
    return;
  }
  const reader = acquireReader(readableState(streamOf(body)));
  began?.(reader);
  try {
    await eachChunk(reader, (value) => {
      const bytes = viewOf(value);
      if (!bytes) throw new TypeError('The body stream gave something else than bytes');
      if (host.write(call.id, channel, bytes.buffer, bytes.byteOffset, bytes.byteLength)) return undefined;
      return then(drained(call, channel), (more) => { if (!more) throw UNWANTED; });
    });
    host.end(call.id, channel);
  } catch (error) {
    handled(reader.cancel(error === UNWANTED ? undefined : error));
    if (error === UNWANTED) return;
    host.abort(call.id, channel);
    throw error;
  }
}
