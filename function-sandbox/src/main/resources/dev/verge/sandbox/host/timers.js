// Timers (HTML §8.6), microtasks and clocks.

// Timers belong to the call that set them and end with it.
let timerNumber = 0;
const timers = new Map();

/** What a callback is run as later: once AsyncContext is in use, with the values that are carried along here. */
let carried = (callback) => callback;

function carriedAlong(callback) {
  const snapshot = new AsyncContext.Snapshot();
  return (...values) => snapshot.run(callback, ...values);
}

function setTimer(callback, delay, repeats, values) {
  if (current === null) throw new TypeError('Timers are available inside a handler only');
  const id = ++timerNumber;
  // The delay is WebIDL's long; less than 0 is 0. Only what comes again waits for at least 1 ms, so that timers of one delay come in their order.
  const milliseconds = Math.max(delay | 0, 0);
  if (!host.setTimer(current.id, id, milliseconds)) throw new DOMException('Too many timers', 'QuotaExceededError');
  timers.set(id, { call: current, callback: carried(callback), milliseconds: Math.max(milliseconds, 1), repeats, values });
  return id;
}

function timerOf(name, repeats, callback, delay, values) {
  if (typeof callback !== 'function') throw new TypeError(`${name}: a function is needed; code in strings is not run`);
  return setTimer(callback, delay, repeats, values);
}

function clearTimer(id) {
  const number = id | 0;
  const timer = timers.get(number);
  if (timer && timers.delete(number)) host.clearTimer(timer.call.id, number);
}

/** A task of its own turn, by the call whose turn it is. */
function postTask(action) { setTimer(action, 0, false, []); }

const timerGlobals = {
  setTimeout(callback, delay = 0, ...values) {
    needs(arguments.length, 1, 'setTimeout');
    return timerOf('setTimeout', false, callback, delay, values);
  },
  setInterval(callback, delay = 0, ...values) {
    needs(arguments.length, 1, 'setInterval');
    return timerOf('setInterval', true, callback, delay, values);
  },
  clearTimeout(id = 0) { clearTimer(id); },
  clearInterval(id = 0) { clearTimer(id); },
  queueMicrotask(callback) {
    needs(arguments.length, 1, 'queueMicrotask');
    if (typeof callback !== 'function') throw new TypeError('queueMicrotask: a function is needed');
    then(resolvedWith(undefined), () => { try { callback(); } catch (error) { reportException(error); } });
  },
};

const startMillis = host.now();
/** Milliseconds since the context began; stands still while code runs. */
function performanceNow() { return host.now() - startMillis; }

// All clocks stand still inside a turn, so that code cannot time itself.
const RealDate = Date;
const frozenDate = new Proxy(RealDate, {
  construct: (target, values, as) => Reflect.construct(target, values.length === 0 ? [host.now()] : values, as === frozenDate ? target : as),
  apply: () => new RealDate(host.now()).toString(),
});
RealDate.now = function now() { return host.now(); };
RealDate.prototype.constructor = frozenDate;
expose('Date', frozenDate);
{
  const prototype = Intl.DateTimeFormat.prototype;
  const getter = Object.getOwnPropertyDescriptor(prototype, 'format').get;
  Object.defineProperty(prototype, 'format', {
    get() { const format = getter.call(this); return (date = host.now()) => format(date); }, configurable: true,
  });
  const parts = prototype.formatToParts;
  prototype.formatToParts = function formatToParts(date = host.now()) { return parts.call(this, date); };
}
