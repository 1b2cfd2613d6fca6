// A subset of Node.js' crypto: hashes, HMAC and random values. Everything else is in crypto.subtle.
import { Buffer } from 'node:buffer';

const names = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };
const internal = () => Crypto.prototype[Symbol.for('verge.platform')].crypto;
function nameOf(algorithm) {
  const name = names[String(algorithm).toLowerCase().replace('-', '')];
  if (name === undefined) throw new Error('Digest method not supported');
  return name;
}
const bytesOf = (data, encoding) => (typeof data === 'string' ? Buffer.from(data, encoding) : data);
function shown(bytes, encoding) {
  const out = Buffer.from(bytes.buffer);
  return encoding === undefined || encoding === 'buffer' ? out : out.toString(encoding);
}

export class Hash {
  #state;
  #done = false;
  constructor(algorithm) { this.#state = internal().hash(nameOf(algorithm)); }
  update(data, encoding) {
    if (this.#done) throw new Error('Digest already called');
    this.#state.update(bytesOf(data, encoding));
    return this;
  }
  digest(encoding) {
    if (this.#done) throw new Error('Digest already called');
    this.#done = true;
    return shown(this.#state.digest(), encoding);
  }
}
export class Hmac {
  #name;
  #key;
  #parts = [];
  constructor(algorithm, key) {
    if (nameOf(algorithm) === 'MD5') throw new Error('Digest method not supported');
    [this.#name, this.#key] = [nameOf(algorithm), Buffer.from(bytesOf(key))];
  }
  update(data, encoding) {
    if (this.#parts === null) throw new Error('Digest already called');
    this.#parts.push(Buffer.from(bytesOf(data, encoding)));
    return this;
  }
  digest(encoding) {
    if (this.#parts === null) throw new Error('Digest already called');
    const data = Buffer.concat(this.#parts);
    this.#parts = null;
    return shown(internal().hmac(this.#name, this.#key, data), encoding);
  }
}

export function createHash(algorithm) { return new Hash(algorithm); }
export function createHmac(algorithm, key) { return new Hmac(algorithm, key); }
export function getHashes() { return Object.keys(names); }
export function randomBytes(size, callback) {
  const out = Buffer.alloc(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(out.subarray(at, at + 65536));
  if (callback === undefined) return out;
  queueMicrotask(() => callback(null, out));
  return undefined;
}
export function randomUUID() { return crypto.randomUUID(); }
/** A whole number from `from`, or 0, to below `to`, all alike likely. */
export function randomInt(from, to) {
  if (to === undefined) [from, to] = [0, from];
  const range = to - from;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || range <= 0 || range > 2 ** 32) throw new RangeError('The range must be whole numbers, at most 2 ** 32 apart');
  const limit = 2 ** 32 - (2 ** 32 % range);
  let value;
  do { [value] = crypto.getRandomValues(new Uint32Array(1)); } while (value >= limit);
  return from + (value % range);
}
export function timingSafeEqual(a, b) {
  if (a.byteLength !== b.byteLength) throw new RangeError('Input buffers must have the same byte length');
  return internal().timingSafeEqual(a, b);
}
/** At most 64 KiB; costs the CPU time of the call. */
export function pbkdf2Sync(password, salt, iterations, keylen, digest) {
  if (!Number.isSafeInteger(iterations) || iterations < 1) throw new RangeError('iterations must be a whole number above 0');
  if (!Number.isSafeInteger(keylen) || keylen < 0 || keylen > 65536) throw new RangeError('keylen must be a whole number from 0 to 65536');
  const name = nameOf(digest);
  if (name === 'MD5') throw new Error('Digest method not supported');
  return shown(internal().pbkdf2(name, Buffer.from(bytesOf(password)), Buffer.from(bytesOf(salt)), iterations, keylen));
}
export function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  if (typeof callback !== 'function') throw new TypeError('callback must be a function');
  const key = pbkdf2Sync(password, salt, iterations, keylen, digest);
  queueMicrotask(() => callback(null, key));
}
export const webcrypto = globalThis.crypto;
export const subtle = webcrypto.subtle;
export function getRandomValues(array) { return webcrypto.getRandomValues(array); }
export default {
  Hash, Hmac, createHash, createHmac, getHashes, randomBytes, randomUUID, randomInt, timingSafeEqual, pbkdf2, pbkdf2Sync, webcrypto, subtle, getRandomValues,
};
