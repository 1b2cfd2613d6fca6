// The other globals: console, timers, crypto, base64, cloning, clocks.

function inspect(value, depth = 0, seen = new Set()) {
  switch (typeof value) {
    case 'string': return depth === 0 ? value : JSON.stringify(value);
    case 'function': return `[function ${value.name || 'anonymous'}]`;
    case 'bigint': return value + 'n';
    case 'object': break;
    default: return String(value);
  }
  if (value === null) return 'null';
  if (value instanceof Error) return explain(value);
  if (seen.has(value)) return '[circular]';
  if (depth > 3) return Array.isArray(value) ? '[array]' : '[object]';
  seen.add(value);
  try {
    if (Array.isArray(value)) {
      const shown = value.slice(0, 100).map((item) => inspect(item, depth + 1, seen));
      return '[' + shown.join(', ') + (value.length > 100 ? `, … ${value.length - 100} more` : '') + ']';
    }
    if (value instanceof Date) return value.toISOString();
    if (value instanceof RegExp || value instanceof URL || value instanceof URLSearchParams) return String(value);
    if (value instanceof Headers || value instanceof Map) {
      return `${value.constructor.name}(${[...value].slice(0, 100).map(([k, v]) => inspect(k, depth + 1, seen) + ' => ' + inspect(v, depth + 1, seen)).join(', ')})`;
    }
    if (value instanceof Set) return `Set(${[...value].slice(0, 100).map((item) => inspect(item, depth + 1, seen)).join(', ')})`;
    if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength})`;
    const name = value.constructor?.name;
    const fields = Object.keys(value).slice(0, 100).map((key) => key + ': ' + inspect(value[key], depth + 1, seen));
    return (name && name !== 'Object' ? name + ' ' : '') + '{' + (fields.length ? ' ' + fields.join(', ') + ' ' : '') + '}';
  } catch {
    return '[unreadable]';
  } finally {
    seen.delete(value);
  }
}

/** An exception as the log shows it: message, and the stack of module files, lines and columns. */
function explain(error) {
  try {
    if (error instanceof Error) {
      const stack = typeof error.stack === 'string' ? error.stack : '';
      const head = `${error.name}: ${error.message}`;
      const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && !line.includes('verge:'))
        .map((line) => line.replace('(/', '(').replace('at /', 'at '));
      const cause = error.cause === undefined ? '' : '\ncaused by: ' + explain(error.cause);
      return [head, ...frames].join('\n') + cause;
    }
    return inspect(error, 1);
  } catch {
    return 'an exception that cannot be shown';
  }
}

function logLine(level, text) { if (current !== null) host.log(current.id, level, text); }

function format(values) {
  const [first, ...rest] = values;
  if (typeof first !== 'string' || !first.includes('%')) return values.map((value) => inspect(value)).join(' ');
  const text = first.replace(/%([sdifoOjc%])/g, (match, kind) => {
    if (kind === '%') return '%';
    if (rest.length === 0) return match;
    const value = rest.shift();
    switch (kind) {
      case 'd': case 'i': return String(Math.trunc(Number(value)));
      case 'f': return String(Number(value));
      case 'c': return '';
      case 's': return typeof value === 'string' ? value : inspect(value, 1);
      default: return inspect(value, 1);
    }
  });
  return [text, ...rest.map((value) => inspect(value))].join(' ');
}

const counts = new Map();
const stopwatches = new Map();
let indent = '';
const say = (level) => (...values) => logLine(level, indent + format(values));
const console = {
  debug: say('debug'), info: say('info'), log: say('log'), warn: say('warn'), error: say('error'),
  trace: (...values) => logLine('debug', 'Trace: ' + format(values)),
  dir: (value) => logLine('log', inspect(value, 1)),
  dirxml: say('log'),
  table: (value) => logLine('log', inspect(value, 1)),
  assert: (condition, ...values) => { if (!condition) logLine('error', 'Assertion failed' + (values.length ? ': ' + format(values) : '')); },
  count: (label = 'default') => {
    if (counts.size > 1000) counts.clear();
    counts.set(label, (counts.get(label) ?? 0) + 1);
    logLine('log', `${label}: ${counts.get(label)}`);
  },
  countReset: (label = 'default') => { counts.delete(label); },
  group: (...values) => { if (values.length) logLine('log', indent + format(values)); if (indent.length < 40) indent += '  '; },
  groupCollapsed: (...values) => console.group(...values),
  groupEnd: () => { indent = indent.slice(2); },
  time: (label = 'default') => { if (stopwatches.size > 1000) stopwatches.clear(); stopwatches.set(label, performanceNow()); },
  timeLog: (label = 'default', ...values) => {
    logLine('log', `${label}: ${performanceNow() - (stopwatches.get(label) ?? 0)} ms ` + format(values));
  },
  timeEnd: (label = 'default') => { console.timeLog(label); stopwatches.delete(label); },
  clear: () => {},
};

// Timers belong to the call that set them and end with it.
let timerNumber = 0;
const timers = new Map();

function setTimer(callback, delay, repeats, values) {
  if (current === null) throw new TypeError('Timers are available inside a handler only');
  if (typeof callback !== 'function') throw new TypeError('The timer needs a function; code in strings is not run');
  const id = ++timerNumber;
  const milliseconds = Math.min(Math.max(Number(delay) || 0, repeats ? 1 : 0), 2 ** 31 - 1);
  if (!host.setTimer(current.id, id, milliseconds)) throw new TypeError('Too many timers');
  timers.set(id, { call: current, callback, milliseconds, repeats, values });
  return id;
}

function clearTimer(id) {
  const timer = timers.get(Number(id));
  if (timer && timers.delete(Number(id))) host.clearTimer(timer.call.id, Number(id));
}

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

function reportError(error) { reportException(error); }
function reportException(error) { logLine('exception', explain(error)); }

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function btoa(text) {
  text = String(text);
  let out = '';
  for (let i = 0; i < text.length; i += 3) {
    const [a, b, c] = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2)];
    if (a > 255 || b > 255 || c > 255) throw new DOMException('btoa: a character is beyond Latin-1', 'InvalidCharacterError');
    out += BASE64[a >> 2] + BASE64[((a & 3) << 4) | (b >> 4)]
      + (i + 1 < text.length ? BASE64[((b & 15) << 2) | (c >> 6)] : '=') + (i + 2 < text.length ? BASE64[c & 63] : '=');
  }
  return out;
}

function atob(text) {
  let input = String(text).replace(/[\t\n\f\r ]/g, '');
  if (input.length % 4 === 0) input = input.replace(/==?$/, '');
  if (input.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(input)) throw new DOMException('atob: not base64', 'InvalidCharacterError');
  let out = '';
  let bits = 0;
  let held = 0;
  for (const c of input) {
    held = (held << 6) | BASE64.indexOf(c);
    bits += 6;
    if (bits >= 8) { bits -= 8; out += String.fromCharCode((held >> bits) & 255); held &= (1 << bits) - 1; }
  }
  return out;
}

function structuredClone(value) {
  const seen = new Map();
  const clone = (from) => {
    if (typeof from === 'function' || typeof from === 'symbol') throw new DOMException(`${String(from)} could not be cloned`, 'DataCloneError');
    if (typeof from !== 'object' || from === null) return from;
    if (seen.has(from)) return seen.get(from);
    const keep = (to) => { seen.set(from, to); return to; };
    if (from instanceof Date) return keep(new RealDate(from.getTime()));
    if (from instanceof RegExp) return keep(new RegExp(from.source, from.flags));
    if (from instanceof ArrayBuffer) return keep(from.slice(0));
    if (from instanceof DataView) return keep(new DataView(clone(from.buffer), from.byteOffset, from.byteLength));
    if (ArrayBuffer.isView(from)) return keep(new from.constructor(clone(from.buffer), from.byteOffset, from.length));
    if (from instanceof Boolean || from instanceof Number || from instanceof String) return keep(Object(from.valueOf()));
    if (from instanceof Map) {
      const to = keep(new Map());
      for (const [key, item] of [...from]) to.set(clone(key), clone(item));
      return to;
    }
    if (from instanceof Set) {
      const to = keep(new Set());
      for (const item of [...from]) to.add(clone(item));
      return to;
    }
    if (from instanceof Error) {
      const types = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
      const to = keep(new (types[from.name] ?? Error)(from.message));
      if ('cause' in from) to.cause = clone(from.cause);
      return to;
    }
    if (from instanceof EventTarget || isRequest(from) || isResponse(from) || from instanceof Headers || from instanceof ReadableStream
      || from instanceof WeakMap || from instanceof WeakSet || from instanceof Promise) {
      throw new DOMException(`${from.constructor?.name ?? 'Object'} could not be cloned`, 'DataCloneError');
    }
    const to = keep(Array.isArray(from) ? new Array(from.length) : {});
    for (const key of Object.keys(from)) to[key] = clone(from[key]);
    return to;
  };
  return clone(value);
}

for (const [name, value] of Object.entries({
  DOMException, Event, CustomEvent, EventTarget, AbortController, AbortSignal, URL, URLSearchParams, Headers, Request, Response, fetch,
  ReadableStream, ReadableStreamDefaultReader, ReadableStreamBYOBReader, ReadableStreamDefaultController, ReadableByteStreamController,
  ReadableStreamBYOBRequest, WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController, TransformStream,
  TransformStreamDefaultController, CountQueuingStrategy, ByteLengthQueuingStrategy,
  console, reportError, btoa, atob, 
  structuredClone: function structuredCloneGlobal(value) { return structuredClone(value); },
  setTimeout: (callback, delay, ...values) => setTimer(callback, delay, false, values),
  setInterval: (callback, delay, ...values) => setTimer(callback, delay, true, values),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  queueMicrotask: (callback) => {
    if (typeof callback !== 'function') throw new TypeError('queueMicrotask: a function is needed');
    then(resolvedWith(undefined), () => { try { callback(); } catch (error) { reportException(error); } });
  },
  performance: Object.freeze({ now: performanceNow, timeOrigin: startMillis, toJSON: () => ({ timeOrigin: startMillis }) }),
  navigator: Object.freeze({ userAgent: 'Verge' }),
  self: globalThis,
})) expose(name, value);
