// Compression (Compression Standard): transform streams over the host's deflaters and inflaters.

const { createTransform, needs, tag, viewOf, copyOf, enumOf, then } = shared;
/** The most that the host gives at once. */
const PIECE_BYTES = 65536;
const FORMATS = ['deflate', 'deflate-raw', 'gzip'];

/** A pair of streams over a state in the host, which is freed at the stream's end. */
function codec(format, compresses) {
  const id = host.openCodec(shared.callNumber(), format, compresses);
  if (id === 0) throw new shared.DOMException('Too many compression streams at once', 'QuotaExceededError');
  let open = true;
  const close = () => { open = false; host.closeCodec(id); };
  // The host gives bytes, true when it wants more, or what is wrong. A little input may be a lot of output: no more of it is made than
  // somebody reads.
  const drain = (control, last) => {
    while (open) {
      const given = host.pullCodec(id, last);
      if (given === true) {
        if (last) close();
        return undefined;
      }
      if (typeof given === 'string') { close(); throw new TypeError(given); }
      const piece = copyOf(given);
      control.enqueue(piece);
      // One that is not full was all there is.
      if (piece.byteLength === PIECE_BYTES && control.state.backpressure) return then(control.state.changed.promise, () => drain(control, last));
    }
    return undefined;
  };
  return createTransform({
    __proto__: null,
    transform(chunk, control) {
      const bytes = viewOf(chunk);
      if (bytes === null) { close(); throw new TypeError('The chunk must be an ArrayBuffer or a view'); }
      if (bytes.byteLength === 0) return undefined;
      host.feedCodec(id, bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return drain(control, false);
    },
    flush: (control) => drain(control, true),
    cancel() { close(); },
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
