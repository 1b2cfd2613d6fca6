// Events (DOM Standard §2). There is no tree: the path of an event is its target. The context's global is a target, too.

let eventState;
let isEvent;

class Event {
  #e;
  static { eventState = (event) => event.#e; isEvent = (value) => isObject(value) && #e in value; }
  constructor(type, init = undefined) {
    needs(arguments.length, 1, 'Event');
    const name = `${type}`;
    const { bubbles, cancelable, composed } = dictionary(init, 'Event');
    this.#e = {
      type: name, bubbles: Boolean(bubbles), cancelable: Boolean(cancelable), composed: Boolean(composed), target: null, currentTarget: null,
      phase: 0, stopped: false, stoppedNow: false, prevented: false, passive: false, dispatching: false, trusted: false, initialized: true,
      time: performanceNow(),
    };
    Object.defineProperty(this, 'isTrusted', isTrusted);
  }
  get type() { return this.#e.type; }
  get target() { return this.#e.target; }
  get srcElement() { return this.#e.target; }
  get currentTarget() { return this.#e.currentTarget; }
  composedPath() { return this.#e.currentTarget === null ? [] : [this.#e.currentTarget]; }
  get eventPhase() { return this.#e.phase; }
  stopPropagation() { this.#e.stopped = true; }
  get cancelBubble() { return this.#e.stopped; }
  set cancelBubble(value) { if (value) this.#e.stopped = true; }
  stopImmediatePropagation() { this.#e.stopped = true; this.#e.stoppedNow = true; }
  get bubbles() { return this.#e.bubbles; }
  get cancelable() { return this.#e.cancelable; }
  get returnValue() { return !this.#e.prevented; }
  set returnValue(value) { if (!value) preventDefault(this.#e); else void this.#e; }
  preventDefault() { preventDefault(this.#e); }
  get defaultPrevented() { return this.#e.prevented; }
  get composed() { return this.#e.composed; }
  get timeStamp() { return this.#e.time; }
  initEvent(type, bubbles = false, cancelable = false) {
    needs(arguments.length, 1, 'initEvent');
    initEvent(this.#e, `${type}`, bubbles, cancelable);
  }
}
const isTrusted = {
  get: Object.getOwnPropertyDescriptor({ get isTrusted() { return eventState(this).trusted; } }, 'isTrusted').get, enumerable: true, configurable: false,
};
vergeWebApiConstants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });
tag(Event, 'Event');

function preventDefault(event) { if (event.cancelable && !event.passive) event.prevented = true; }

function initEvent(event, type, bubbles, cancelable) {
  if (event.dispatching) return false;
  event.initialized = true;
  event.stopped = event.stoppedNow = event.prevented = event.trusted = false;
  event.target = null;
  event.type = type;
  event.bubbles = Boolean(bubbles);
  event.cancelable = Boolean(cancelable);
  return true;
}

class CustomEvent extends Event {
  #detail;
  constructor(type, init = undefined) {
    super(...arguments);
    const { detail } = dictionary(init, 'CustomEvent');
    this.#detail = detail === undefined ? null : detail;
  }
  get detail() { return this.#detail; }
  initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
    needs(arguments.length, 1, 'initCustomEvent');
    void this.#detail;
    if (initEvent(eventState(this), `${type}`, bubbles, cancelable)) this.#detail = detail;
  }
}
tag(CustomEvent, 'CustomEvent');

/** The listeners and handlers of a target; made when the first is added. */
let targetState;
/** The same for the global object, which is none of the class. */
const globalTarget = { listeners: null, handlers: null };

class EventTarget {
  #t = { listeners: null, handlers: null };
  static { targetState = (target) => (target === globalThis ? globalTarget : target.#t); }
  addEventListener(type, callback, options = undefined) {
    const target = targetState(this ?? globalThis);
    needs(arguments.length, 2, 'addEventListener');
    const name = `${type}`;
    checkListener(callback, 'addEventListener');
    const how = isObject(options) ? options : { capture: options };
    const { capture, once, passive, signal } = how;
    if (signal !== undefined && !isSignal(signal)) throw new TypeError('addEventListener: signal must be an AbortSignal');
    if (callback === null || callback === undefined || signal?.aborted) return;
    const listener = { callback, capture: Boolean(capture), once: Boolean(once), passive: Boolean(passive), removed: false };
    if (!addListener(target, name, listener)) return;
    if (signal !== undefined) addAbortAlgorithm(signal, () => removeListener(target, name, listener));
  }
  removeEventListener(type, callback, options = undefined) {
    const target = targetState(this ?? globalThis);
    needs(arguments.length, 2, 'removeEventListener');
    const name = `${type}`;
    checkListener(callback, 'removeEventListener');
    const capture = Boolean(isObject(options) ? options.capture : options);
    const found = target.listeners?.get(name)?.find((one) => one.callback === callback && one.capture === capture);
    if (found !== undefined) removeListener(target, name, found);
  }
  dispatchEvent(event) {
    const target = this ?? globalThis;
    void targetState(target);
    needs(arguments.length, 1, 'dispatchEvent');
    if (!isEvent(event)) throw new TypeError('dispatchEvent: an Event is needed');
    const state = eventState(event);
    if (state.dispatching || !state.initialized) throw new DOMException('The event is being dispatched already', 'InvalidStateError');
    state.trusted = false;
    return dispatchTo(target, event);
  }
}
tag(EventTarget, 'EventTarget');

function checkListener(callback, what) {
  if (callback !== null && callback !== undefined && !isObject(callback)) throw new TypeError(`${what}: the listener must be a function or an object`);
}

/** The listeners that a script may add to one target. */
const MAX_LISTENERS = 10_000;

function addListener(target, type, listener) {
  target.listeners ??= new Map();
  const list = target.listeners.get(type);
  if (list === undefined) {
    if (target.listeners.size >= MAX_LISTENERS) throw new DOMException('Too many listeners', 'QuotaExceededError');
    target.listeners.set(type, [listener]);
    return true;
  }
  if (list.some((one) => one.callback === listener.callback && one.capture === listener.capture)) return false;
  if (list.length >= MAX_LISTENERS) throw new DOMException('Too many listeners', 'QuotaExceededError');
  list.push(listener);
  return true;
}

function removeListener(target, type, listener) {
  listener.removed = true;
  const list = target.listeners?.get(type);
  if (list === undefined) return;
  // A new list, as a dispatch may be going through the old one.
  const left = list.filter((one) => one !== listener);
  if (left.length === 0) target.listeners.delete(type); else target.listeners.set(type, left);
}

function hasListeners(target, type) { return targetState(target).listeners?.has(type) ?? false; }

/** Dispatches (DOM §2.9); false when the event was cancelled. */
function dispatchTo(target, event) {
  const state = eventState(event);
  const list = targetState(target).listeners?.get(state.type);
  state.dispatching = true;
  state.target = target;
  state.currentTarget = target;
  state.phase = 2;
  if (list !== undefined && !state.stopped) {
    const listeners = [...list];
    for (const capture of [true, false]) {
      for (const listener of listeners) {
        if (state.stoppedNow) break;
        if (listener.removed || listener.capture !== capture) continue;
        if (listener.once) removeListener(targetState(target), state.type, listener);
        state.passive = listener.passive;
        callListener(listener, target, event);
        state.passive = false;
      }
      if (state.stopped) break;
    }
  }
  state.phase = 0;
  state.currentTarget = null;
  state.dispatching = state.stopped = state.stoppedNow = false;
  return !state.prevented;
}

function callListener({ callback, handler }, target, event) {
  try {
    if (handler !== undefined) handler(target, event);
    else if (typeof callback === 'function') apply(callback, target, [event]);
    else {
      const { handleEvent } = callback;
      if (typeof handleEvent !== 'function') throw new TypeError('handleEvent: must be a function');
      apply(handleEvent, callback, [event]);
    }
  } catch (error) {
    reportException(error);
  }
}

/** Dispatches an event of the platform's own. */
function fire(target, event) {
  eventState(event).trusted = true;
  return dispatchTo(target, event);
}

/** An attribute of an event handler (HTML §8.1.8.1), as `onabort`; `call` says how the value is called. */
function handlerAttribute(holder, type, call = callHandler) {
  const name = 'on' + type;
  const { get, set } = Object.getOwnPropertyDescriptor({
    get [name]() { return targetState(this ?? globalThis).handlers?.get(type)?.value ?? null; },
    set [name](value) {
      const target = targetState(this ?? globalThis);
      const kept = isObject(value) ? value : null;
      target.handlers ??= new Map();
      const known = target.handlers.get(type);
      if (kept === null) {
        if (known !== undefined) { removeListener(target, type, known.listener); target.handlers.delete(type); }
      } else if (known !== undefined) known.value = kept;
      else {
        const entry = { value: kept, listener: null };
        entry.listener = {
          callback: entry, capture: false, once: false, passive: false, removed: false,
          handler: (self, event) => { if (typeof entry.value === 'function') call(entry.value, self, event); },
        };
        target.handlers.set(type, entry);
        addListener(target, type, entry.listener);
      }
    },
  }, name);
  Object.defineProperty(holder, name, { get, set, enumerable: true, configurable: true });
}

function callHandler(value, self, event) {
  if (apply(value, self, [event]) === false) preventDefault(eventState(event));
}

/** Constants of an interface, on it and its prototype. */
function vergeWebApiConstants(constructor, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const holder of [constructor, constructor.prototype]) Object.defineProperty(holder, name, { value, enumerable: true });
  }
}
