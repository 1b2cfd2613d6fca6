// A subset of Node.js' buffer: Buffer, a Uint8Array that reads and writes text and numbers.

const { fromBase64, toBase64 } = Crypto.prototype[Symbol.for('verge.platform')];
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const encodings = { utf8: 'utf8', 'utf-8': 'utf8', hex: 'hex', base64: 'base64', base64url: 'base64url', latin1: 'latin1', binary: 'latin1', ascii: 'latin1',
  utf16le: 'utf16le', 'utf-16le': 'utf16le', ucs2: 'utf16le', 'ucs-2': 'utf16le' };
function encodingOf(name = 'utf8') {
  const known = encodings[String(name).toLowerCase()];
  if (known === undefined) throw new TypeError(`Unknown encoding: ${name}`);
  return known;
}

function encode(text, encoding) {
  switch (encodingOf(encoding)) {
    case 'utf8': return new TextEncoder().encode(text);
    case 'hex': {
      const digits = /^(?:[0-9a-f]{2})*/i.exec(text)[0];
      return Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
    }
    case 'base64': case 'base64url': {
      const clean = text.replaceAll('-', '+').replaceAll('_', '/').replace(/[^A-Za-z0-9+/]/g, '');
      return fromBase64(clean.length % 4 === 1 ? clean.slice(0, -1) : clean);
    }
    case 'latin1': return Uint8Array.from(text, (c) => c.charCodeAt(0) & 255);
    default: {
      const out = new Uint8Array(text.length * 2);
      for (let i = 0; i < text.length; i++) { out[2 * i] = text.charCodeAt(i) & 255; out[2 * i + 1] = text.charCodeAt(i) >> 8; }
      return out;
    }
  }
}

const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const wide = new TextDecoder('utf-16le', { ignoreBOM: true });
function decode(bytes, encoding) {
  switch (encodingOf(encoding)) {
    case 'utf8': return utf8Decoder.decode(bytes);
    case 'hex': { let out = ''; for (const byte of bytes) out += HEX[byte]; return out; }
    case 'base64': return toBase64(bytes);
    case 'base64url': return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    case 'latin1': { let out = ''; for (const byte of bytes) out += String.fromCharCode(byte); return out; }
    default: return wide.decode(bytes.subarray(0, bytes.length & ~1));
  }
}

const on = (bytes) => { Object.setPrototypeOf(bytes, Buffer.prototype); return bytes; };
const bytesOf = (value, encoding) => (typeof value === 'string' ? encode(value, encoding) : value);

export class Buffer extends Uint8Array {
  static poolSize = 0;
  static from(value, second, third) {
    if (typeof value === 'string') return on(encode(value, second));
    if (value instanceof ArrayBuffer) return on(new Uint8Array(value, second, third));
    if (value?.type === 'Buffer' && Array.isArray(value.data)) return on(Uint8Array.from(value.data));
    if (typeof value === 'object' && value !== null) return on(Uint8Array.from(value));
    throw new TypeError('The first argument must be a string, an ArrayBuffer, a Buffer or an array');
  }
  static of(...values) { return on(Uint8Array.from(values)); }
  static alloc(size, fill, encoding) { const made = on(new Uint8Array(size)); return fill === undefined ? made : made.fill(fill, encoding); }
  static allocUnsafe(size) { return Buffer.alloc(size); }
  static isBuffer(value) { return value instanceof Buffer; }
  static isEncoding(name) { return typeof name === 'string' && name.toLowerCase() in encodings; }
  static byteLength(value, encoding) { return typeof value === 'string' ? encode(value, encoding).length : value.byteLength; }
  static concat(list, total = list.reduce((sum, one) => sum + one.length, 0)) {
    const out = Buffer.alloc(total);
    let at = 0;
    for (const one of list) {
      const part = one.subarray(0, Math.max(0, total - at));
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
  static compare(a, b) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return Math.sign(a.length - b.length);
  }
  toString(encoding, start = 0, end = this.length) { return decode(new Uint8Array(this.buffer, this.byteOffset, this.length).subarray(start, end), encoding); }
  toJSON() { return { type: 'Buffer', data: [...this] }; }
  equals(other) { return Buffer.compare(this, other) === 0; }
  compare(other) { return Buffer.compare(this, other); }
  subarray(start, end) { return on(new Uint8Array(this.buffer, this.byteOffset, this.length).subarray(start, end)); }
  slice(start, end) { return this.subarray(start, end); }
  write(text, offset = 0, length = this.length - offset, encoding = 'utf8') {
    if (typeof offset === 'string') [offset, length, encoding] = [0, this.length, offset];
    if (typeof length === 'string') [length, encoding] = [this.length - offset, length];
    const part = encode(text, encoding).subarray(0, Math.min(length, this.length - offset));
    this.set(part, offset);
    return part.length;
  }
  fill(value, start = 0, end = this.length, encoding = 'utf8') {
    if (typeof start === 'string') [start, end, encoding] = [0, this.length, start];
    if (typeof value !== 'string' && !ArrayBuffer.isView(value)) return super.fill(value, start, end);
    const pattern = bytesOf(value, encoding);
    for (let i = start; i < end; i++) this[i] = pattern.length ? pattern[(i - start) % pattern.length] : 0;
    return this;
  }
  copy(target, targetStart = 0, start = 0, end = this.length) {
    const part = this.subarray(start, Math.min(end, start + target.length - targetStart));
    target.set(part, targetStart);
    return part.length;
  }
  indexOf(value, from = 0, encoding = 'utf8') {
    if (typeof value === 'number') return super.indexOf(value & 255, from);
    const wanted = bytesOf(value, encoding);
    for (let i = Math.max(0, from < 0 ? this.length + from : from); i <= this.length - wanted.length; i++) {
      if (wanted.every((byte, k) => this[i + k] === byte)) return i;
    }
    return -1;
  }
  includes(value, from, encoding) { return this.indexOf(value, from, encoding) >= 0; }
}

for (const [name, kind, size] of [['UInt8', 'Uint8', 1], ['UInt16', 'Uint16', 2], ['UInt32', 'Uint32', 4], ['BigUInt64', 'BigUint64', 8], ['Int8', 'Int8', 1],
  ['Int16', 'Int16', 2], ['Int32', 'Int32', 4], ['BigInt64', 'BigInt64', 8], ['Float', 'Float32', 4], ['Double', 'Float64', 8]]) {
  for (const [order, little] of size === 1 ? [['', true]] : [['LE', true], ['BE', false]]) {
    const view = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    const methods = {
      [`read${name}${order}`](offset = 0) { return view(this)[`get${kind}`](offset, little); },
      [`write${name}${order}`](value, offset = 0) { view(this)[`set${kind}`](offset, value, little); return offset + size; },
    };
    for (const [key, value] of Object.entries(methods)) Object.defineProperty(Buffer.prototype, key, { value, writable: true, configurable: true });
  }
}

const { atob, btoa, Blob, File } = globalThis;
export { atob, btoa, Blob, File };
export default { Buffer, atob, btoa, Blob, File };
