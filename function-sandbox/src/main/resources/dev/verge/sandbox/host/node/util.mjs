// A subset of Node.js' util.

const custom = Symbol.for('nodejs.util.promisify.custom');

/** A function that gives a promise, of one that takes a callback last. */
export function promisify(original) {
  if (typeof original !== 'function') throw new TypeError('The "original" argument must be of type function');
  if (original[custom]) return original[custom];
  return function promisified(...values) {
    return new Promise((resolve, reject) => original.call(this, ...values, (error, value) => (error ? reject(error) : resolve(value))));
  };
}
promisify.custom = custom;

/** A function that takes a callback last, of one that gives a promise. */
export function callbackify(original) {
  return function callbackified(...values) {
    const callback = values.pop();
    original.apply(this, values).then((value) => callback(null, value), (error) => callback(error ?? new Error('rejected with nothing')));
  };
}

/** A value as text, for logs. */
export function inspect(value, { depth = 2 } = {}, seen = new Set()) {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll('\'', '\\\'').replaceAll('\n', '\\n')}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[Function: ${value.name || '(anonymous)'}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return value.stack ?? String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (seen.has(value)) return '[Circular]';
  if (depth < 0) return Array.isArray(value) ? '[Array]' : '[Object]';
  const within = new Set(seen).add(value);
  const show = (item) => inspect(item, { depth: depth - 1 }, within);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const shown = Array.from(value).slice(0, 100).map(show);
    if (value.length > 100) shown.push(`... ${value.length - 100} more items`);
    const name = Array.isArray(value) ? '' : `${value.constructor.name}(${value.length}) `;
    return shown.length ? `${name}[ ${shown.join(', ')} ]` : `${name}[]`;
  }
  if (value instanceof Map) return `Map(${value.size}) { ${[...value].map(([key, item]) => `${show(key)} => ${show(item)}`).join(', ')} }`;
  if (value instanceof Set) return `Set(${value.size}) { ${[...value].map(show).join(', ')} }`;
  const name = value.constructor?.name;
  const prefix = name && name !== 'Object' ? name + ' ' : '';
  const fields = Object.keys(value).map((key) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : `'${key}'`}: ${show(value[key])}`);
  return fields.length ? `${prefix}{ ${fields.join(', ')} }` : `${prefix}{}`;
}

export function format(first, ...rest) {
  if (typeof first !== 'string') return [first, ...rest].map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ');
  const text = first.replace(/%([sdifjoO%])/g, (match, kind) => {
    if (kind === '%') return '%';
    if (rest.length === 0) return match;
    const value = rest.shift();
    switch (kind) {
      case 's': return typeof value === 'object' && value !== null ? inspect(value, { depth: 0 }) : String(value);
      case 'd': return String(Number(value));
      case 'i': return String(parseInt(value, 10));
      case 'f': return String(parseFloat(value));
      case 'j': return JSON.stringify(value);
      default: return inspect(value);
    }
  });
  return [text, ...rest.map((value) => (typeof value === 'string' ? value : inspect(value)))].join(' ');
}

export function inherits(constructor, base) { Object.setPrototypeOf(constructor.prototype, base.prototype); }
export function deprecate(original) { return original; }

/** Whether two values are equal in structure and kind. */
export function isDeepStrictEqual(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Error && (a.name !== b.name || a.message !== b.message)) return false;
  if (a instanceof Map) return a.size === b.size && [...a].every(([key, item]) => b.has(key) && isDeepStrictEqual(item, b.get(key)));
  if (a instanceof Set) return a.size === b.size && [...a].every((item) => b.has(item) || [...b].some((other) => isDeepStrictEqual(item, other)));
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isDeepStrictEqual(a[key], b[key]));
}

const { TextEncoder, TextDecoder } = globalThis;
export { TextEncoder, TextDecoder };
export default { promisify, callbackify, inspect, format, inherits, deprecate, isDeepStrictEqual, TextEncoder, TextDecoder };
