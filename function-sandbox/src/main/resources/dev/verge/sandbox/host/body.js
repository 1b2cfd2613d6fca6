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
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return null;
}

/** A body that the host holds for a call: nothing of it is here before it is asked for. */
class HostSource {
  aborted = false; reason = undefined; controller = null; over = null; passed = false;
  constructor(call, channel) { this.call = call; this.channel = channel; }
  #wait(begun, value) {
    return new Promise((resolve, reject) => {
      if (this.aborted) reject(this.reason);
      else if (!begun()) reject(new TypeError('The body is not available any more'));
      else this.call.reads.set(this.channel, { resolve: (given, ended) => resolve(value(given, ended)), reject });
    });
  }
  chunk() {
    const { call, channel } = this;
    return this.#wait(() => host.read(call.id, channel), (given, ended) => {
      if (ended) this.over?.();
      return ended ? null : copyOf(given);
    });
  }
  all(asText) {
    const { call, channel } = this;
    return this.#wait(() => host.collect(call.id, channel, asText), (given) => {
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
    if (init instanceof ReadableStream) {
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
    body.stream = byteStream({ start(controller) { controller.close(); } });
    body.stream.getReader().read();
  } else if (body.kind === 'host') {
    const { source } = body;
    body.stream = byteStream({
      start(controller) {
        source.controller = controller;
        if (source.aborted) controller.error(source.reason);
      },
      async pull(controller) {
        const chunk = await source.chunk();
        if (chunk !== null) { controller.enqueue(chunk); return; }
        endStream(controller);
      },
      cancel() { source.cancel(); },
    });
    hostStreams.set(body.stream, source);
  } else {
    body.stream = bytesStream(body.kind === 'text' ? utf8(body.text) : body.shared ? ownCopy(body.bytes) : body.bytes);
  }
  body.kind = 'stream';
  return body.stream;
}

/** A stream of bytes that are made when they are asked for. */
function byteStream(source) { return new ReadableStream({ ...source, type: 'bytes' }, { highWaterMark: 0 }); }

/** A stream of bytes that become its own. */
function bytesStream(bytes) {
  return byteStream({
    pull(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      endStream(controller);
    },
  });
}

function endStream(controller) {
  controller.close();
  controller.byobRequest?.respond(0);
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
    default: {
      const all = await collect(body.stream);
      return asText ? decoder.decode(all) : all;
    }
  }
}

async function collect(stream) {
  const reader = stream.getReader();
  const chunks = [];
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    if (!(value instanceof Uint8Array)) {
      const error = new TypeError('The stream gave something else than a Uint8Array');
      reader.cancel(error).catch(() => {});
      throw error;
    }
    chunks.push(value);
    length += value.length;
  }
  if (chunks.length === 1) return ownCopy(chunks[0]);
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) { all.set(chunk, at); at += chunk.length; }
  return all;
}

function cloneBody(body, what) {
  if (body === null) return null;
  if (isUnusable(body)) throw new TypeError(`${what}: the body was already read, or is locked`);
  if (body.kind === 'bytes') body.shared = true;
  if (body.kind !== 'host' && body.kind !== 'stream') return { ...body };
  const [one, two] = streamOf(body).tee();
  body.stream = one;
  return { kind: 'stream', stream: two, used: false };
}

/** The body for another owner (Fetch Standard, "create a proxy"): for its present one it counts as read. */
function movedBody(body) {
  const moved = { ...body };
  if (body.stream !== undefined) {
    const source = hostStreams.get(body.stream);
    const reader = body.stream.getReader();
    moved.stream = byteStream({
      async pull(controller) {
        const { value, done } = await reader.read();
        if (!done) { controller.enqueue(value); return; }
        endStream(controller);
      },
      cancel(reason) { return reader.cancel(reason); },
    });
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

/** Sends a streamed body on a channel; resolves when its end was handed over. `began` is told the reader. */
async function pump(call, channel, body, began) {
  const source = untouchedSource(body);
  if (source !== null && source.call === call && host.splice(call.id, source.channel, channel)) {
    body.used = true;
    source.passed = true;
    if (body.stream !== undefined) {
      body.stream.cancel().catch(() => {});
      body.stream.getReader();
    }
    await drained(call, channel);
    source.over?.();
    return;
  }
  const reader = streamOf(body).getReader();
  began?.(reader);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const bytes = viewOf(value);
      if (!bytes) throw new TypeError('The body stream gave something else than bytes');
      if (!host.write(call.id, channel, bytes.buffer, bytes.byteOffset, bytes.byteLength) && !(await drained(call, channel))) {
        await reader.cancel();
        return;
      }
    }
    host.end(call.id, channel);
  } catch (error) {
    host.abort(call.id, channel);
    reader.cancel(error).catch(() => {});
    throw error;
  }
}
