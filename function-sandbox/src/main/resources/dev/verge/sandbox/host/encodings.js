// The labels of the encodings other than UTF (Encoding Standard §4.2), their decoders in the host, and the streams of text (§7.6, §7.7).

const { createTransform, dictionary, tag, sharedViewOf, TextDecoder, TextEncoder } = shared;

const LABELS = new Map();
for (const line of host.encodingLabels().split('\n')) {
  const [name, ...labels] = line.split(' ');
  for (const label of labels) LABELS.set(label, name);
}

/** A decoder of the host. What is left of a chunk is a text that the host gives and gets again. */
function decoder(encoding, fatal) {
  let rest = '';
  return (bytes, stream) => {
    const given = host.decode(encoding, rest, bytes.buffer, bytes.byteOffset, bytes.byteLength, fatal, !stream);
    if (given === null) { rest = ''; throw new TypeError(`decode: the data is not ${encoding}`); }
    const length = given.charCodeAt(0);
    rest = stream ? given.slice(1, 1 + length) : '';
    return given.slice(1 + length);
  };
}

class TextDecoderStream {
  #decoder; #state;
  constructor(label = 'utf-8', options = undefined) {
    const decoding = this.#decoder = new TextDecoder(label, options);
    this.#state = createTransform({
      __proto__: null,
      transform(chunk, control) {
        if (sharedViewOf(chunk) === null) throw new TypeError('The chunk must be an ArrayBuffer or a view');
        const text = decoding.decode(chunk, { stream: true });
        if (text !== '') control.enqueue(text);
      },
      flush(control) {
        const text = decoding.decode();
        if (text !== '') control.enqueue(text);
      },
    });
  }
  get encoding() { return this.#decoder.encoding; }
  get fatal() { return this.#decoder.fatal; }
  get ignoreBOM() { return this.#decoder.ignoreBOM; }
  get readable() { return this.#state.readable.stream; }
  get writable() { return this.#state.writable.stream; }
}
tag(TextDecoderStream, 'TextDecoderStream');

class TextEncoderStream {
  #state;
  constructor() {
    const encoder = new TextEncoder();
    let high = '';
    this.#state = createTransform({
      __proto__: null,
      transform(chunk, control) {
        let text = high + `${chunk}`;
        const last = text.charCodeAt(text.length - 1);
        high = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : '';
        if (high !== '') text = text.slice(0, -1);
        if (text !== '') control.enqueue(encoder.encode(text));
      },
      flush(control) { if (high !== '') control.enqueue(new Uint8Array([0xef, 0xbf, 0xbd])); },
    });
  }
  get encoding() { void this.#state; return 'utf-8'; }
  get readable() { return this.#state.readable.stream; }
  get writable() { return this.#state.writable.stream; }
}
tag(TextEncoderStream, 'TextEncoderStream');

return { nameOf: (label) => LABELS.get(label), decoder, TextDecoderStream, TextEncoderStream };
