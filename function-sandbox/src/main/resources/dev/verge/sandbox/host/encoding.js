// TextEncoder and TextDecoder (Encoding Standard §7). UTF-8 and UTF-16 are the engine's; other encodings are the host's, loaded when one is
// asked for.

const EngineEncoder = globalThis.TextEncoder;
/** The engine's, which may be called without `new`. */
function TextEncoder() {
  if (new.target === undefined) throw new TypeError('TextEncoder: use new');
  return Reflect.construct(EngineEncoder, [], new.target);
}
TextEncoder.prototype = EngineEncoder.prototype;
Object.defineProperty(TextEncoder, 'prototype', { writable: false });
Object.defineProperty(TextEncoder.prototype, 'constructor', { value: TextEncoder });
tag(TextEncoder, 'TextEncoder');

const EngineDecoder = globalThis.TextDecoder;
const UTF8_LABELS = ['utf-8', 'utf8', 'unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'x-unicode20utf8'];
const UTF16_LABELS = ['utf-16', 'utf-16le', 'ucs-2', 'unicode', 'csunicode', 'iso-10646-ucs-2', 'unicodefeff'];
const BE_LABELS = ['utf-16be', 'unicodefffe'];

/** An encoding's name by a label, or undefined. */
function encodingOf(label) {
  // Labels match without regard to case in ASCII only; a Kelvin sign is no k.
  if (/[^\x00-\x7f]/.test(label)) return undefined;
  const text = label.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase();
  if (UTF8_LABELS.includes(text)) return 'utf-8';
  if (UTF16_LABELS.includes(text)) return 'utf-16le';
  return BE_LABELS.includes(text) ? 'utf-16be' : part('encodings').nameOf(text);
}

/** What the engine decodes. Its own exceptions become the standard's. */
function engineDecode(encoding, fatal, ignoreBOM) {
  const engine = new EngineDecoder(encoding, { fatal, ignoreBOM });
  return (bytes, stream) => {
    try { return engine.decode(bytes, { stream }); } catch (error) { throw new TypeError(`decode: the data is not ${encoding}`); }
  };
}

/** UTF-16 in pieces: the engine gets whole characters only, since it loses and repeats parts of those that are split. */
function utf16Decoder(encoding, fatal, ignoreBOM) {
  const decode = engineDecode(encoding, fatal, true);
  const upper = encoding === 'utf-16be' ? 0 : 1;
  let held = new Uint8Array(0), begun = false;
  return (input, stream) => {
    let bytes = input;
    if (held.length > 0) {
      bytes = new Uint8Array(held.length + input.length);
      bytes.set(held);
      bytes.set(input, held.length);
      held = new Uint8Array(0);
    }
    const first = !begun;
    begun = false;
    if (stream) {
      let end = bytes.length - bytes.length % 2;
      if (end > 0 && (bytes[end - 2 + upper] & 0xfc) === 0xd8) end -= 2;
      held = bytes.slice(end);
      bytes = bytes.subarray(0, end);
    }
    const text = decode(bytes, false);
    begun = stream && (!first || text.length > 0);
    return first && !ignoreBOM && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  };
}

/** A decoder of one of the engine's encodings. */
function engineDecoder(encoding, fatal, ignoreBOM) {
  return encoding === 'utf-8' ? engineDecode(encoding, fatal, ignoreBOM) : utf16Decoder(encoding, fatal, ignoreBOM);
}

class TextDecoder {
  #encoding; #fatal; #ignoreBOM; #decode;
  constructor(label = 'utf-8', options = undefined) {
    const name = label === 'utf-8' ? label : encodingOf(`${label}`);
    const { fatal, ignoreBOM } = dictionary(options, 'TextDecoder');
    if (name === undefined || name === 'replacement') throw new RangeError(`TextDecoder: there is no encoding ${`${label}`.slice(0, 40)}`);
    this.#encoding = name;
    this.#fatal = Boolean(fatal);
    this.#ignoreBOM = Boolean(ignoreBOM);
    const make = name.startsWith('utf-') ? engineDecoder : part('encodings').decoder;
    this.#decode = make(name, this.#fatal, this.#ignoreBOM);
  }
  get encoding() { return this.#encoding; }
  get fatal() { return this.#fatal; }
  get ignoreBOM() { return this.#ignoreBOM; }
  decode(input = undefined, options = undefined) {
    const decode = this.#decode;
    const bytes = input === undefined ? new Uint8Array(0) : sharedViewOf(input);
    if (bytes === null) throw new TypeError('decode: an ArrayBuffer or a view is needed');
    return decode(bytes, Boolean(dictionary(options, 'decode').stream));
  }
}
tag(TextDecoder, 'TextDecoder');
