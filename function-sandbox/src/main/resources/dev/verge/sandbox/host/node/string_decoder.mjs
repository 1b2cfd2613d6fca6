// Node.js' string_decoder: bytes that come in pieces as text.
import { Buffer } from 'node:buffer';

/** Bytes that must stay together, by encoding; UTF-8 and UTF-16 know themselves. */
const TOGETHER = { base64: 3, base64url: 3 };

export class StringDecoder {
  #decoder = null;
  #held = Buffer.alloc(0);
  constructor(encoding = 'utf8') {
    this.encoding = `${encoding}`.toLowerCase().replace(/^utf-8$/, 'utf8').replace(/^(utf-16le|ucs-?2)$/, 'utf16le');
    if (this.encoding === 'utf8' || this.encoding === 'utf16le') this.#decoder = new TextDecoder(this.encoding === 'utf8' ? 'utf-8' : 'utf-16le', { ignoreBOM: true });
  }
  write(bytes) {
    if (typeof bytes === 'string') return bytes;
    if (this.#decoder !== null) return this.#decoder.decode(bytes, { stream: true });
    const all = Buffer.concat([this.#held, bytes]);
    const whole = all.length - all.length % (TOGETHER[this.encoding] ?? 1);
    this.#held = Buffer.from(all.subarray(whole));
    return all.toString(this.encoding, 0, whole);
  }
  end(bytes = undefined) {
    const begun = bytes === undefined ? '' : this.write(bytes);
    if (this.#decoder !== null) return begun + this.#decoder.decode();
    const rest = this.#held.toString(this.encoding);
    this.#held = Buffer.alloc(0);
    return begun + rest;
  }
}
export default { StringDecoder };
