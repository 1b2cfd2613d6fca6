// Events of messages and errors (HTML §8.1.4, §8.1.6, §9.1), and message channels (HTML §9.4).

const {
  DOMException, Event, EventTarget, tag, needs, dictionary, isObject, sequence, internal, eventState, initEvent, fire, handlerAttribute, targetState,
  postTask, reportException, platformKinds, serializeWithTransfer,
} = shared;

const text = (value, otherwise = '') => (value === undefined ? otherwise : `${value}`);
const orNull = (value) => (value === undefined ? null : value);

class ErrorEvent extends Event {
  #message; #filename; #lineno; #colno; #error;
  constructor(type, eventInitDict = undefined) {
    super(...arguments);
    const { colno, error, filename, lineno, message } = dictionary(eventInitDict, 'ErrorEvent');
    this.#colno = colno >>> 0;
    this.#error = error;
    this.#filename = text(filename);
    this.#lineno = lineno >>> 0;
    this.#message = text(message);
  }
  get message() { return this.#message; }
  get filename() { return this.#filename; }
  get lineno() { return this.#lineno; }
  get colno() { return this.#colno; }
  get error() { return this.#error; }
}
tag(ErrorEvent, 'ErrorEvent');

class PromiseRejectionEvent extends Event {
  #promise; #reason;
  constructor(type, eventInitDict) {
    needs(arguments.length, 2, 'PromiseRejectionEvent');
    super(type, eventInitDict);
    const { promise, reason } = dictionary(eventInitDict, 'PromiseRejectionEvent');
    if (!isObject(promise)) throw new TypeError('PromiseRejectionEvent: promise is required');
    this.#promise = promise;
    this.#reason = reason;
  }
  get promise() { return this.#promise; }
  get reason() { return this.#reason; }
}
tag(PromiseRejectionEvent, 'PromiseRejectionEvent');

class CloseEvent extends Event {
  #wasClean; #code; #reason;
  constructor(type, eventInitDict = undefined) {
    super(...arguments);
    const { code, reason, wasClean } = dictionary(eventInitDict, 'CloseEvent');
    this.#code = (code ?? 0) & 0xffff;
    this.#reason = text(reason);
    this.#wasClean = Boolean(wasClean);
  }
  get wasClean() { return this.#wasClean; }
  get code() { return this.#code; }
  get reason() { return this.#reason; }
}
tag(CloseEvent, 'CloseEvent');

function portsOf(value) {
  return Object.freeze(sequence(value, 'ports', (port) => {
    if (!isPort(port)) throw new TypeError('ports: each must be a MessagePort');
    return port;
  }));
}

function sourceOf(value) {
  if (value === undefined || value === null) return null;
  if (!isPort(value)) throw new TypeError('source: must be a MessagePort or null');
  return value;
}

class MessageEvent extends Event {
  #data; #origin; #lastEventId; #source; #ports;
  constructor(type, eventInitDict = undefined) {
    super(...arguments);
    const { data, lastEventId, origin, ports, source } = dictionary(eventInitDict, 'MessageEvent');
    this.#data = orNull(data);
    this.#lastEventId = text(lastEventId);
    this.#origin = text(origin);
    this.#ports = ports === undefined ? Object.freeze([]) : portsOf(ports);
    this.#source = sourceOf(source);
  }
  get data() { return this.#data; }
  get origin() { return this.#origin; }
  get lastEventId() { return this.#lastEventId; }
  get source() { return this.#source; }
  get ports() { return this.#ports; }
  initMessageEvent(type, bubbles = false, cancelable = false, data = null, origin = '', lastEventId = '', source = null, ports = []) {
    needs(arguments.length, 1, 'initMessageEvent');
    void this.#data;
    const [from, given] = [sourceOf(source), portsOf(ports)];
    if (!initEvent(eventState(this), `${type}`, bubbles, cancelable)) return;
    this.#data = data;
    this.#origin = `${origin}`;
    this.#lastEventId = `${lastEventId}`;
    this.#source = from;
    this.#ports = given;
  }
}
tag(MessageEvent, 'MessageEvent');

/** Messages that wait at one port. */
const MAX_WAITING = 1000;

/** An end of a channel: it stays the same when the port that scripts hold is transferred. */
class End {
  port = null; peer = null; waiting = []; enabled = false; closed = false;
  /** Delivers the oldest message in a turn of its own. */
  wake() {
    postTask(() => {
      if (!this.enabled || this.port === null || this.waiting.length === 0) return;
      const { port } = this;
      let event;
      try {
        const { value, transferred } = this.waiting.shift()();
        event = new MessageEvent('message', { data: value, ports: transferred.filter(isPort) });
      } catch {
        event = new MessageEvent('messageerror');
      }
      fire(port, event);
    });
  }
  start() {
    if (this.enabled) return;
    this.enabled = true;
    for (const _ of this.waiting) this.wake();
  }
  close() {
    this.closed = true;
    const { peer } = this;
    this.peer = null;
    if (peer === null) return;
    peer.peer = null;
    postTask(() => { if (peer.port !== null) fire(peer.port, new Event('close')); });
  }
}

let endOf;
let isPort;
let detachPort;

class MessagePort extends EventTarget {
  #end;
  static {
    endOf = (port) => port.#end;
    isPort = (value) => isObject(value) && #end in value;
    detachPort = (port) => { const end = port.#end; port.#end = null; end.port = null; return end; };
  }
  constructor(key = undefined, end = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    super();
    this.#end = end;
    end.port = this;
  }
  postMessage(message, options = undefined) {
    const end = this.#end;
    needs(arguments.length, 1, 'postMessage');
    const transfer = isObject(options) && typeof options[Symbol.iterator] === 'function' ? options : dictionary(options, 'postMessage').transfer;
    const list = transfer === undefined || transfer === null ? [] : sequence(transfer, 'transfer', (one) => one);
    if (list.includes(this)) throw new DOMException('A port cannot transfer itself', 'DataCloneError');
    const peer = end?.peer ?? null;
    const lost = peer !== null && list.includes(peer.port);
    if (peer !== null && peer.waiting.length >= MAX_WAITING) throw new DOMException('Too many messages wait', 'QuotaExceededError');
    const made = serializeWithTransfer(message, list);
    if (peer === null || lost || peer.closed) return;
    peer.waiting.push(made);
    if (peer.enabled) peer.wake();
  }
  start() { this.#end?.start(); }
  close() { this.#end?.close(); }
}
for (const type of ['messageerror', 'close']) handlerAttribute(MessagePort.prototype, type);
handlerAttribute(MessagePort.prototype, 'message');
{
  // Setting onmessage starts the port.
  const { get, set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
  const starting = Object.getOwnPropertyDescriptor({ set onmessage(value) { Reflect.apply(set, this, [value]); endOf(this)?.start(); } }, 'onmessage').set;
  Object.defineProperty(MessagePort.prototype, 'onmessage', { get, set: starting, enumerable: true, configurable: true });
}
tag(MessagePort, 'MessagePort');
platformKinds.push({
  is: isPort,
  gone: (port) => endOf(port) === null,
  transfer(port) {
    const end = detachPort(port);
    end.enabled = false;
    return () => new MessagePort(internal, end);
  },
});

class MessageChannel {
  #one; #two;
  constructor() {
    const [one, two] = [new End(), new End()];
    one.peer = two;
    two.peer = one;
    this.#one = new MessagePort(internal, one);
    this.#two = new MessagePort(internal, two);
  }
  get port1() { return this.#one; }
  get port2() { return this.#two; }
}
tag(MessageChannel, 'MessageChannel');

return { ErrorEvent, PromiseRejectionEvent, CloseEvent, MessageEvent, MessagePort, MessageChannel };
