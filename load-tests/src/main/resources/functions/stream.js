// 1 MiB in 16 pieces through a transform, as a stream.
const piece = new Uint8Array(64 * 1024).fill(65);

export default {
  fetch() {
    let left = 16;
    const source = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(piece.slice()); else controller.close();
      },
    });
    const mark = new TransformStream({
      transform(chunk, controller) { chunk[0] = 66; controller.enqueue(chunk); },
    });
    return new Response(source.pipeThrough(mark));
  },
};
