// The global object: a target of events, what nobody caught, base64, and the names that scripts know.

/** Reports an exception (HTML §8.1.4.6): to the listeners of `error`, and to the log unless one of them prevents it. */
let reporting = false;
function reportException(error) {
  // An exception of a listener of `error` goes to the log only.
  if (!reporting && hasListeners(globalThis, 'error')) {
    reporting = true;
    try {
      const { ErrorEvent } = part('messages');
      const [message, filename, lineno, colno] = placeOf(error);
      if (!fire(globalThis, new ErrorEvent('error', { cancelable: true, message, filename, lineno, colno, error }))) return;
    } finally {
      reporting = false;
    }
  }
  logLine('exception', explain(error));
}

/** An exception's message, file, line and column. */
function placeOf(error) {
  const text = explain(error);
  const [, file = '', line = 0, column = 0] = /\(?([^\s():]+):(\d+):(\d+)\)?$/m.exec(text) ?? [];
  return ['Uncaught ' + text.split('\n', 1)[0], file, Number(line), Number(column)];
}

handlerAttribute(globalThis, 'error', (value, self, event) => {
  const isError = event instanceof part('messages').ErrorEvent;
  const result = isError
    ? apply(value, self, [event.message, event.filename, event.lineno, event.colno, event.error]) : apply(value, self, [event]);
  if (isError ? result === true : result === false) preventDefault(eventState(event));
});
handlerAttribute(globalThis, 'unhandledrejection');
handlerAttribute(globalThis, 'rejectionhandled');

// A promise that was rejected and that nobody handles. The engine tells at the end of a turn's microtasks; it does not tell of promises
// that are handled later, so that such a one is watched for as long as somebody listens.
takeRejections((reason, promise) => {
  let open = true;
  if (hasListeners(globalThis, 'unhandledrejection')) {
    const { PromiseRejectionEvent } = part('messages');
    open = fire(globalThis, new PromiseRejectionEvent('unhandledrejection', { cancelable: true, promise, reason }));
  }
  if (open) logLine('exception', 'Unhandled rejection: ' + explain(reason));
  if (!hasListeners(globalThis, 'rejectionhandled') || Object.hasOwn(promise, 'then') || !Object.isExtensible(promise)) return;
  Object.defineProperty(promise, 'then', {
    value(fulfilled, rejected) {
      delete promise.then;
      const { PromiseRejectionEvent } = part('messages');
      if (current !== null) postTask(() => fire(globalThis, new PromiseRejectionEvent('rejectionhandled', { promise, reason })));
      return then(promise, fulfilled, rejected);
    },
    writable: true, configurable: true,
  });
});

function btoa(data) {
  needs(arguments.length, 1, 'btoa');
  const text = host.btoa(`${data}`);
  if (text === null) throw new DOMException('btoa: a character is beyond Latin-1', 'InvalidCharacterError');
  return text;
}

function atob(data) {
  needs(arguments.length, 1, 'atob');
  const text = host.atob(`${data}`);
  if (text === null) throw new DOMException('atob: not base64', 'InvalidCharacterError');
  return text;
}

class Navigator {
  constructor(key = undefined) { if (key !== internal) throw new TypeError('Illegal constructor'); }
  get userAgent() { return 'Verge'; }
  get platform() { return ''; }
  get hardwareConcurrency() { return 1; }
  get language() { return 'en-US'; }
  get languages() { return LANGUAGES; }
}
const LANGUAGES = Object.freeze(['en-US']);
tag(Navigator, 'Navigator');

const globalFunctions = {
  reportError(error) { needs(arguments.length, 1, 'reportError'); reportException(error); },
  structuredClone(value, options = undefined) {
    needs(arguments.length, 1, 'structuredClone');
    return part('clone').structuredClone(value, dictionary(options, 'structuredClone').transfer);
  },
  btoa, atob, fetch, ...timerGlobals,
};
const { addEventListener, removeEventListener, dispatchEvent } = EventTarget.prototype;
for (const [name, value] of Object.entries({ ...globalFunctions, addEventListener, removeEventListener, dispatchEvent })) {
  Object.defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true });
}
for (const [name, value] of Object.entries({
  DOMException, Event, CustomEvent, EventTarget, AbortController, AbortSignal, URL, URLSearchParams, Headers, Request, Response,
  ReadableStream, ReadableStreamDefaultReader, ReadableStreamBYOBReader, ReadableStreamDefaultController, ReadableByteStreamController,
  ReadableStreamBYOBRequest, WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController, TransformStream,
  TransformStreamDefaultController, CountQueuingStrategy, ByteLengthQueuingStrategy, TextEncoder, TextDecoder, Performance, Navigator,
  console, performance, navigator: new Navigator(internal), self: globalThis,
})) expose(name, value);
