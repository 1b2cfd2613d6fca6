// TextDecoder (Encoding Standard §7). UTF-8 and UTF-16 are the engine's; other encodings are the host's, loaded when one is asked for.

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

/** Pieces of UTF-16 of an even length: the engine loses half a unit that follows the byte order mark of its first piece. */
function wholeUnits() {
  let half = -1;
  return (input, stream) => {
    let bytes = input;
    if (half >= 0 && input.length > 0) {
      bytes = new Uint8Array(input.length + 1);
      bytes[0] = half;
      bytes.set(input, 1);
      half = -1;
    } else if (half >= 0 && !stream) {
      bytes = Uint8Array.of(half);
      half = -1;
    }
    if (stream && bytes.length % 2 === 1) {
      half = bytes[bytes.length - 1];
      bytes = bytes.subarray(0, bytes.length - 1);
    }
    return bytes;
  };
}

/** A decoder of one of the engine's encodings. Its own exceptions become the standard's. */
function engineDecoder(encoding, fatal, ignoreBOM) {
  const engine = new EngineDecoder(encoding, { fatal, ignoreBOM });
  const whole = encoding === 'utf-8' ? bytes => bytes : wholeUnits();
  return (input, stream) => {
    const bytes = whole(input, stream);
    try { return engine.decode(bytes, { stream }); } catch (error) { throw new TypeError(`decode: the data is not ${encoding}`); }
  };
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
    const bytes = input === undefined ? new Uint8Array(0) : viewOf(input);
    if (bytes === null) throw new TypeError('decode: an ArrayBuffer or a view is needed');
    return decode(bytes, Boolean(dictionary(options, 'decode').stream));
  }
}
tag(TextDecoder, 'TextDecoder');
