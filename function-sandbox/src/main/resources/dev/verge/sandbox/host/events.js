// Events and abort signals (DOM Standard §2, §3). There is no tree: an event has one target.

class Event {
  #type; #cancelable; #prevented = false; stopped = false;
  constructor(type, init = {}) {
    this.#type = String(type);
    this.#cancelable = Boolean(init?.cancelable);
    this.timeStamp = performanceNow();
    this.target = null;
    this.currentTarget = null;
  }
  get type() { return this.#type; }
  get bubbles() { return false; }
  get cancelable() { return this.#cancelable; }
  get defaultPrevented() { return this.#prevented; }
  preventDefault() { if (this.#cancelable) this.#prevented = true; }
  stopPropagation() {}
  stopImmediatePropagation() { this.stopped = true; }
}
tag(Event, 'Event');

class CustomEvent extends Event {
  #detail;
  constructor(type, init = {}) { super(type, init); this.#detail = init?.detail ?? null; }
  get detail() { return this.#detail; }
}
tag(CustomEvent, 'CustomEvent');

class EventTarget {
  #listeners = new Map();
  addEventListener(type, listener, options) {
    if (listener === null || listener === undefined) return;
    const list = this.#listeners.get(String(type)) ?? [];
    if (list.some((entry) => entry.listener === listener)) return;
    const entry = { listener, once: typeof options === 'object' && Boolean(options?.once) };
    list.push(entry);
    this.#listeners.set(String(type), list);
    options?.signal?.addEventListener('abort', () => this.removeEventListener(type, listener));
  }
  removeEventListener(type, listener) {
    const list = this.#listeners.get(String(type));
    if (list) this.#listeners.set(String(type), list.filter((entry) => entry.listener !== listener));
  }
  dispatchEvent(event) {
    event.target = this;
    event.currentTarget = this;
    const handler = this['on' + event.type];
    if (typeof handler === 'function') invoke(() => handler.call(this, event));
    for (const entry of [...(this.#listeners.get(event.type) ?? [])]) {
      if (event.stopped) break;
      if (entry.once) this.removeEventListener(event.type, entry.listener);
      const { listener } = entry;
      invoke(() => (typeof listener === 'function' ? listener.call(this, event) : listener.handleEvent(event)));
    }
    event.currentTarget = null;
    return !event.defaultPrevented;
  }
}
tag(EventTarget, 'EventTarget');

function invoke(action) {
  try { action(); } catch (error) { reportError(error); }
}

const signalKey = Symbol('signal');
const abortSignal = Symbol('abort');

class AbortSignal extends EventTarget {
  #aborted = false; #reason = undefined;
  constructor(key) {
    super();
    if (key !== signalKey) throw new TypeError('Illegal constructor');
    this.onabort = null;
  }
  get aborted() { return this.#aborted; }
  get reason() { return this.#reason; }
  throwIfAborted() { if (this.#aborted) throw this.#reason; }
  [abortSignal](reason) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
    this.dispatchEvent(new Event('abort'));
  }
  static abort(reason) {
    const signal = new AbortSignal(signalKey);
    signal[abortSignal](reason);
    return signal;
  }
  static timeout(milliseconds) {
    const signal = new AbortSignal(signalKey);
    setTimer(() => signal[abortSignal](new DOMException('The operation timed out', 'TimeoutError')), milliseconds, false, []);
    return signal;
  }
  static any(signals) {
    const all = [...signals];
    const signal = new AbortSignal(signalKey);
    const aborted = all.find((one) => one.aborted);
    if (aborted) signal[abortSignal](aborted.reason);
    else for (const one of all) one.addEventListener('abort', () => signal[abortSignal](one.reason), { once: true });
    return signal;
  }
}
tag(AbortSignal, 'AbortSignal');

class AbortController {
  #signal = new AbortSignal(signalKey);
  get signal() { return this.#signal; }
  abort(reason) { this.#signal[abortSignal](reason); }
}
tag(AbortController, 'AbortController');
