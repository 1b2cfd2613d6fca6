// Parts of the web API that few functions use: evaluated when one of their names is first used, so that a context that does not is
// made sooner and is smaller. A part is given `host` and `shared`, and returns its globals by name.

const shared = {
  SharedArrayBuffer, DOMException, expose, tag, viewOf, sharedViewOf, copyOf, scalar, needs, dictionary, isObject, enumOf, sequenceOf, pairsOf, iterable, ownCopy, utf8,
  decoder, bytesBody, streamOfChunks, endStream, bodyKinds, headersAt, arrivedResponse, parseForm, atob, part,
  internal, createTransform, createReadable, createByteReadable, createWritable, acquireReader, acquireWriter, isReadable, isWritable,
  isTransform, readableState, writableState, transformState, TransformStream, writableAbort, Event, EventTarget, eventState, initEvent,
  fire, handlerAttribute, targetState, postTask, reportException, performanceNow, sequence, viewConstructor, interfaces, Headers, Response, isResponse, PromiseOf, then, handled, TextEncoder, TextDecoder, isDomException,
  /** Serializable and transferable objects of the platform; see the part `clone`. */
  platformKinds: [],
  callNumber: () => (current === null ? 0 : current.id),
  structuredClone: (value, transfer) => part('clone').structuredClone(value, transfer),
  serializeWithTransfer: (value, transfer) => part('clone').serializeWithTransfer(value, transfer),
};
const loadedParts = new Map();

function part(name) {
  let globals = loadedParts.get(name);
  if (globals === undefined) {
    globals = host.part(name)(host, shared);
    loadedParts.set(name, globals);
  }
  return globals;
}

/** Makes the globals `names` those of a part. */
function lazily(name, names) {
  for (const one of names) {
    Object.defineProperty(globalThis, one, {
      get() { const value = part(name)[one]; expose(one, value); return value; },
      set(value) { expose(one, value); },
      enumerable: false, configurable: true,
    });
  }
}

lazily('messages', ['ErrorEvent', 'PromiseRejectionEvent', 'CloseEvent', 'MessageEvent', 'MessagePort', 'MessageChannel']);
lazily('timing', ['PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure', 'PerformanceObserver', 'PerformanceObserverEntryList']);
lazily('encodings', ['TextDecoderStream', 'TextEncoderStream']);
lazily('compression', ['CompressionStream', 'DecompressionStream']);
lazily('blob', ['Blob', 'File']);
lazily('formdata', ['FormData']);
lazily('html', ['HTMLRewriter']);
lazily('urlpattern', ['URLPattern']);
lazily('crypto', ['SubtleCrypto', 'CryptoKey']);
// Modules that the platform writes (bytes, node:…) are scripts like others, so what they need and the web API has in another form only,
// with promises, is where every script may find it: base64, hashes and comparison, which hold nothing of anybody's.
Object.defineProperty(Crypto.prototype, Symbol.for('verge.platform'), {
  value: Object.freeze({
    fromBase64: (text) => copyOf(host.fromBase64(text)),
    toBase64: (bytes) => host.toBase64(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    get crypto() { return part('crypto').atOnce; },
    get asyncContext() { carried = carriedAlong; return AsyncContext; },
  }),
});
