// A subset of Node.js' assert, strict in all comparisons.
import { inspect, isDeepStrictEqual } from 'node:util';

export class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message);
    this.name = 'AssertionError';
    this.code = 'ERR_ASSERTION';
    Object.assign(this, { actual, expected, operator });
  }
}

function check(holds, message, actual, expected, operator) {
  if (holds) return;
  if (message instanceof Error) throw message;
  throw new AssertionError({ message: message ?? `Expected ${inspect(actual)} ${operator} ${inspect(expected)}`, actual, expected, operator });
}

export function ok(value, message) { check(value, message, value, true, '=='); }
export function equal(actual, expected, message) { check(Object.is(actual, expected), message, actual, expected, 'strictEqual'); }
export function notEqual(actual, expected, message) { check(!Object.is(actual, expected), message, actual, expected, 'notStrictEqual'); }
export function deepEqual(actual, expected, message) { check(isDeepStrictEqual(actual, expected), message, actual, expected, 'deepStrictEqual'); }
export function notDeepEqual(actual, expected, message) { check(!isDeepStrictEqual(actual, expected), message, actual, expected, 'notDeepStrictEqual'); }
export function match(text, pattern, message) { check(pattern.test(text), message, text, pattern, 'match'); }
export function fail(message = 'Failed') { check(false, message, undefined, undefined, 'fail'); }

function fits(error, expected) {
  if (expected === undefined || typeof expected === 'string') return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === 'function') return error instanceof expected || (!(expected.prototype instanceof Error) && expected !== Error && expected(error) === true);
  return Object.keys(expected).every((key) => (expected[key] instanceof RegExp ? expected[key].test(error?.[key]) : isDeepStrictEqual(error?.[key], expected[key])));
}
export function throws(action, expected, message) {
  try { action(); } catch (error) {
    if (!fits(error, expected)) throw error;
    return;
  }
  check(false, message ?? 'Missing expected exception', undefined, expected, 'throws');
}
export async function rejects(promise, expected, message) {
  try { await (typeof promise === 'function' ? promise() : promise); } catch (error) {
    if (!fits(error, expected)) throw error;
    return;
  }
  check(false, message ?? 'Missing expected rejection', undefined, expected, 'rejects');
}

export const strictEqual = equal;
export const notStrictEqual = notEqual;
export const deepStrictEqual = deepEqual;
export const notDeepStrictEqual = notDeepEqual;
const assert = Object.assign((value, message) => ok(value, message), {
  AssertionError, ok, equal, notEqual, deepEqual, notDeepEqual, strictEqual, notStrictEqual, deepStrictEqual, notDeepStrictEqual, match, fail, throws, rejects,
});
assert.strict = assert;
export { assert as strict };
export default assert;
