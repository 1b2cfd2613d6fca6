// Compression (Compression Standard): transform streams over the host's deflaters and inflaters.

const { createTransform, needs, tag, viewOf, copyOf, enumOf } = shared;
const FORMATS = ['deflate', 'deflate-raw', 'gzip'];

/** A pair of streams over a state in the host, which is freed at the stream's end. */
function codec(format, compresses) {
  const id = host.openCodec(shared.callNumber(), format, compresses);
  if (id === 0) throw new shared.DOMException('Too many compression streams at once', 'QuotaExceededError');
  // The host gives bytes, true when it wants more, or what is wrong.
  const drain = (control, last) => {
    for (;;) {
      const given = host.pullCodec(id, last);
      if (given === true) return;
      if (typeof given === 'string') { host.closeCodec(id); throw new TypeError(given); }
      control.enqueue(copyOf(given));
    }
  };
  return createTransform({
    __proto__: null,
    transform(chunk, control) {
      const bytes = viewOf(chunk);
      if (bytes === null) { host.closeCodec(id); throw new TypeError('The chunk must be an ArrayBuffer or a view'); }
      if (bytes.byteLength === 0) return;
      host.feedCodec(id, bytes.buffer, bytes.byteOffset, bytes.byteLength);
      drain(control, false);
    },
    flush(control) { drain(control, true); host.closeCodec(id); },
    cancel() { host.closeCodec(id); },
  });
}

class CompressionStream {
  #state;
  constructor(format) {
    needs(arguments.length, 1, 'CompressionStream');
    this.#state = codec(enumOf(format, FORMATS, 'CompressionStream'), true);
  }
  get readable() { return this.#state.readable.stream; }
  get writable() { return this.#state.writable.stream; }
}
tag(CompressionStream, 'CompressionStream');

class DecompressionStream {
  #state;
  constructor(format) {
    needs(arguments.length, 1, 'DecompressionStream');
    this.#state = codec(enumOf(format, FORMATS, 'DecompressionStream'), false);
  }
  get readable() { return this.#state.readable.stream; }
  get writable() { return this.#state.writable.stream; }
}
tag(DecompressionStream, 'DecompressionStream');

return { CompressionStream, DecompressionStream };
