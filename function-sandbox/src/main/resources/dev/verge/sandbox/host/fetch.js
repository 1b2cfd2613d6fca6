// Bodies, Request, Response and fetch (Fetch Standard §5). A body stays what it was given as (text, bytes, a body the host holds) until
// somebody needs it as a stream, so that the common cases cross the boundary once and whole.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');
const utf8 = (text) => encoder.encode(text);
const bodyOf = Symbol('body');
const NULL_BODY = [101, 204, 205, 304];
const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH'];

/** A copy of bytes that the host hands over. With `set`, which copies at once: a constructor or `slice` goes byte by byte here. */
function copyOf(buffer) {
  const lent = new Uint8Array(new ArrayBuffer(buffer));
  const own = new Uint8Array(lent.length);
  own.set(lent);
  return own;
}

function viewOf(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return null;
}

/** What a body can be made from, and the content type it brings. */
function makeBody(init) {
  if (init === null || init === undefined) return [null, null];
  if (init instanceof ReadableStream) {
    if (init.locked || isDisturbed(init)) throw new TypeError('The body stream is locked or was read');
    return [{ kind: 'stream', stream: init, used: false }, null];
  }
  const bytes = viewOf(init);
  if (bytes) return [{ kind: 'bytes', bytes: bytes.slice(), used: false }, null];
  if (init instanceof URLSearchParams) {
    return [{ kind: 'text', text: init.toString(), used: false }, 'application/x-www-form-urlencoded;charset=UTF-8'];
  }
  return [{ kind: 'text', text: scalar(init), used: false }, 'text/plain;charset=UTF-8'];
}

function hostBody(call, channel) { return { kind: 'host', call, channel, used: false }; }

/** The body as a stream, from now on. */
function streamOf(body) {
  if (body.stream) return body.stream;
  if (body.kind === 'host') {
    const { call, channel } = body;
    body.stream = new ReadableStream({
      pull: (controller) => readChunk(call, channel).then((chunk) => {
        if (chunk === null) controller.close(); else controller.enqueue(chunk);
      }),
      cancel: () => { host.cancelBody(call.id, channel); },
    }, { highWaterMark: 0 });
  } else {
    const bytes = body.kind === 'text' ? utf8(body.text) : body.bytes;
    body.stream = new ReadableStream({
      start(controller) { if (bytes.length > 0) controller.enqueue(bytes); controller.close(); },
    });
  }
  if (body.used) body.stream.getReader();
  body.kind = 'stream';
  return body.stream;
}

function isUsed(body) { return body !== null && (body.used || (body.stream !== undefined && isDisturbed(body.stream))); }

/** Reads all of a body, as text or as bytes of its own. */
async function consume(body, asText) {
  if (body === null) return asText ? '' : new Uint8Array(0);
  if (isUsed(body) || body.stream?.locked) throw new TypeError('The body was already read');
  body.used = true;
  switch (body.kind) {
    case 'text': return asText ? body.text : utf8(body.text);
    case 'bytes': return asText ? decoder.decode(body.bytes) : body.bytes;
    case 'host': {
      const all = await collectBody(body.call, body.channel, asText);
      return asText && all.charCodeAt(0) === 0xfeff ? all.slice(1) : all;
    }
    default: {
      const chunks = [];
      let length = 0;
      for await (const chunk of body.stream) {
        if (!(chunk instanceof Uint8Array)) throw new TypeError('The stream gave something else than a Uint8Array');
        chunks.push(chunk);
        length += chunk.length;
      }
      const all = new Uint8Array(length);
      let at = 0;
      for (const chunk of chunks) { all.set(chunk, at); at += chunk.length; }
      return asText ? decoder.decode(all) : all;
    }
  }
}

function cloneBody(body) {
  if (body === null) return null;
  if (isUsed(body) || body.stream?.locked) throw new TypeError('The body was already read');
  if (body.kind === 'text' || body.kind === 'bytes') return { ...body };
  const [one, two] = streamOf(body).tee();
  body.stream = one;
  body.kind = 'stream';
  return { kind: 'stream', stream: two, used: false };
}

class Body {
  get body() { return this[bodyOf] === null ? null : streamOf(this[bodyOf]); }
  get bodyUsed() { return isUsed(this[bodyOf]); }
  text() { return consume(this[bodyOf], true); }
  async json() { return JSON.parse(await consume(this[bodyOf], true)); }
  async arrayBuffer() { const bytes = await consume(this[bodyOf], false); return bytes.slice().buffer; }
  async bytes() { return (await consume(this[bodyOf], false)).slice(); }
}

function checkMethod(method) {
  const text = String(method);
  if (!TOKEN.test(text)) throw new TypeError(`${JSON.stringify(text.slice(0, 40))} is not a method`);
  const upper = text.toUpperCase();
  if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') throw new TypeError(`The method ${upper} is forbidden`);
  return METHODS.includes(upper) ? upper : text;
}

class Request extends Body {
  #url; #method = 'GET'; #headers; #signal; #redirect = 'follow';
  constructor(input, init = {}) {
    super();
    init ??= {};
    let body = null;
    let type = null;
    if (input instanceof Request) {
      this.#url = input.#url;
      this.#method = input.#method;
      this.#headers = new Headers(input.#headers);
      this.#signal = input.#signal;
      this.#redirect = input.#redirect;
      if (init.body === undefined || init.body === null) {
        if (isUsed(input[bodyOf])) throw new TypeError('The body was already read');
        body = input[bodyOf] === null ? null : { ...input[bodyOf], used: false };
        if (input[bodyOf] !== null) input[bodyOf].used = true;
      }
    } else {
      const url = new URL(input);
      if (url.username !== '' || url.password !== '') throw new TypeError('The URL has credentials');
      this.#url = url.href;
      this.#headers = new Headers();
    }
    if (init.method !== undefined) this.#method = checkMethod(init.method);
    if (init.headers !== undefined) this.#headers = new Headers(init.headers);
    if (init.signal !== undefined && init.signal !== null) this.#signal = init.signal;
    if (init.redirect !== undefined) {
      if (!['follow', 'manual', 'error'].includes(init.redirect)) throw new TypeError('redirect: follow, manual or error');
      this.#redirect = init.redirect;
    }
    if (init.body !== undefined && init.body !== null) [body, type] = makeBody(init.body);
    if (body !== null && (this.#method === 'GET' || this.#method === 'HEAD')) {
      throw new TypeError('A request with method GET or HEAD cannot have a body');
    }
    if (type !== null && !this.#headers.has('content-type')) this.#headers.set('content-type', type);
    this[bodyOf] = body;
  }
  static incoming(call, method, url, lines, body) {
    const request = Object.create(Request.prototype);
    return Request.#fill(request, call, method, url, lines, body);
  }
  static #fill(_, call, method, url, lines, body) {
    const request = new Request('http://x/');
    request.#url = url;
    request.#method = method;
    request.#headers = Headers[headersFromLines](lines, true);
    request[bodyOf] = body ? hostBody(call, 0) : null;
    return request;
  }
  get url() { return this.#url; }
  get method() { return this.#method; }
  get headers() { return this.#headers; }
  get redirect() { return this.#redirect; }
  get signal() { return (this.#signal ??= new AbortController().signal); }
  get cache() { return 'default'; }
  get credentials() { return 'same-origin'; }
  get mode() { return 'cors'; }
  get destination() { return ''; }
  get integrity() { return ''; }
  get keepalive() { return false; }
  get referrer() { return 'about:client'; }
  get referrerPolicy() { return ''; }
  clone() {
    const copy = new Request(this.#url, { method: this.#method, headers: this.#headers, redirect: this.#redirect });
    copy.#signal = this.#signal;
    copy[bodyOf] = cloneBody(this[bodyOf]);
    return copy;
  }
  static signalOf(request) { return request.#signal; }
}
tag(Request, 'Request');
const { incoming: incomingRequest, signalOf } = Request;
delete Request.incoming;
delete Request.signalOf;

class Response extends Body {
  #status = 200; #statusText = ''; #headers; #url = ''; #redirected = false; #type = 'default';
  constructor(body = null, init = {}) {
    super();
    init ??= {};
    if (init.status !== undefined) {
      const status = Number(init.status);
      if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
        throw new RangeError('status: must be an integer between 200 and 599');
      }
      this.#status = status;
    }
    if (init.statusText !== undefined) {
      const text = String(init.statusText);
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) throw new TypeError('statusText: has characters that HTTP does not allow');
      this.#statusText = text;
    }
    this.#headers = new Headers(init.headers);
    const [made, type] = makeBody(body);
    if (made !== null && NULL_BODY.includes(this.#status)) throw new TypeError(`A response with status ${this.#status} has no body`);
    if (type !== null && !this.#headers.has('content-type')) this.#headers.append('content-type', type);
    this[bodyOf] = made;
  }
  static arrived(status, url, redirected, lines, body) {
    const response = new Response();
    response.#status = status;
    response.#url = url;
    response.#redirected = redirected;
    response.#headers = Headers[headersFromLines](lines, true);
    response.#type = 'basic';
    response[bodyOf] = body;
    return response;
  }
  static json(data, init = {}) {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('The value cannot be written as JSON');
    const response = new Response(text, { ...init, headers: undefined });
    response.#headers = new Headers(init?.headers);
    if (!response.#headers.has('content-type')) response.#headers.set('content-type', 'application/json');
    return response;
  }
  static redirect(url, status = 302) {
    const target = new URL(url);
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError('status: 301, 302, 303, 307 or 308');
    const response = new Response(null, { status });
    response.#headers.set('location', target.href);
    response.#headers[guardOf] = true;
    return response;
  }
  static error() {
    const response = new Response();
    response.#status = 0;
    response.#type = 'error';
    response.#headers[guardOf] = true;
    return response;
  }
  get status() { return this.#status; }
  get statusText() { return this.#statusText; }
  get ok() { return this.#status >= 200 && this.#status <= 299; }
  get headers() { return this.#headers; }
  get url() { return this.#url; }
  get redirected() { return this.#redirected; }
  get type() { return this.#type; }
  clone() {
    const copy = new Response();
    copy.#status = this.#status;
    copy.#statusText = this.#statusText;
    copy.#headers = new Headers(this.#headers);
    copy.#url = this.#url;
    copy.#redirected = this.#redirected;
    copy.#type = this.#type;
    copy[bodyOf] = cloneBody(this[bodyOf]);
    return copy;
  }
}
tag(Response, 'Response');
const arrivedResponse = Response.arrived;
delete Response.arrived;

/** A body for a primitive that takes one whole: kind, value, offset, length; kind 3 is one that is pumped afterwards. */
function wholeOf(body) {
  if (body === null) return [0, null, 0, 0];
  if (body.kind === 'text') return [1, body.text, 0, 0];
  if (body.kind === 'bytes') return [2, body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength];
  return [3, null, 0, 0];
}

/** Sends a streamed body on a channel; resolves when its end was handed over. */
async function pump(call, channel, body) {
  const reader = streamOf(body).getReader();
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

function fetch(input, init = {}) {
  return new Promise((resolve, reject) => {
    const call = current;
    if (call === null) throw new TypeError('fetch() is available inside a handler only');
    const request = new Request(input, init);
    const scheme = request.url.slice(0, request.url.indexOf(':'));
    if (scheme !== 'http' && scheme !== 'https') throw new TypeError('fetch: the URL must be http or https');
    const signal = signalOf(request);
    signal?.throwIfAborted();
    const body = request[bodyOf];
    if (body !== null) body.used = true;
    const whole = wholeOf(body);
    const hash = request.url.indexOf('#');
    const url = hash < 0 ? request.url : request.url.slice(0, hash);
    const channel = host.subrequest(call.id, request.method, url, request.redirect, headerLines(request.headers), ...whole);
    if (channel === 0) {
      call.overSubrequests = true;
      throw new TypeError('Too many subrequests: limits.subrequests is reached');
    }
    call.fetches.set(channel, { resolve, reject });
    if (whole[0] === 3) {
      body.used = false;
      pump(call, channel, body).catch((error) => { call.fetches.delete(channel); reject(error); });
    }
    signal?.addEventListener('abort', () => {
      if (call.fetches.delete(channel)) reject(signal.reason);
    }, { once: true });
  });
}
