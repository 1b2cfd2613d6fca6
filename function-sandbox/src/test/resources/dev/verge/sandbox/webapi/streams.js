check('a reader into a view fills it and gives it back', async () => {
  const stream = new ReadableStream({ type: 'bytes', pull(controller) {
    const { view } = controller.byobRequest;
    view[0] = 7;
    controller.byobRequest.respond(1);
  } });
  const reader = stream.getReader({ mode: 'byob' });
  const given = new Uint8Array(4);
  const { value, done } = await reader.read(given);
  same([...value, done, given.byteLength], [7, false, 0]);
});
check('min waits for that many elements', async () => {
  let next = 1;
  const stream = new ReadableStream({ type: 'bytes', pull(controller) { controller.enqueue(bytes(next++)); } });
  const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint8Array(8), { min: 3 });
  same([...value], [1, 2, 3]);
});
check('both branches of a tee of bytes have all, in buffers of their own', async () => {
  const [one, two] = new Response('hello').body.tee();
  const [a] = await read(one);
  a[0] = 0;
  same(new TextDecoder().decode((await read(two))[0]), 'hello');
});
check('a pipe passes chunks, ends and unlocks both ends', async () => {
  const got = [];
  const source = ReadableStream.from([1, 2, 3]);
  const target = new WritableStream({ write(chunk) { got.push(chunk); } });
  await source.pipeTo(target, { preventClose: true });
  same([got, source.locked, target.locked], [[1, 2, 3], false, false]);
});
check('an aborted signal ends a pipe with its reason', async () => {
  const reasons = [];
  const stop = new AbortController();
  const pipe = new ReadableStream({ cancel(reason) { reasons.push(reason); } })
    .pipeTo(new WritableStream({ abort(reason) { reasons.push(reason); } }), { signal: stop.signal });
  stop.abort('enough');
  let ended;
  await pipe.catch((reason) => { ended = reason; });
  same([ended, reasons], ['enough', ['enough', 'enough']]);
});
check('a transform transforms, flushes and cancels', async () => {
  const upper = new TransformStream({ transform(chunk, c) { c.enqueue(chunk.toUpperCase()); }, flush(c) { c.enqueue('!'); } });
  same((await read(ReadableStream.from(['a', 'b']).pipeThrough(upper))).join(''), 'AB!');
  let reason;
  await new TransformStream({ cancel(why) { reason = why; } }).readable.cancel('why');
  same(reason, 'why');
});
check('writers feel backpressure', async () => {
  let open;
  const writer = new WritableStream({ write: () => new Promise((resolve) => { open = resolve; }) }).getWriter();
  await writer.ready;
  const written = writer.write(1);
  same(writer.desiredSize, 0);
  while (open === undefined) await Promise.resolve();
  open();
  await written;
  same(writer.desiredSize, 1);
});
check('leaving a loop cancels the stream unless that is prevented', async () => {
  let cancelled = 0;
  const make = () => new ReadableStream({ pull(c) { c.enqueue(1); }, cancel() { cancelled++; } });
  for await (const _ of make()) break;
  for await (const _ of make().values({ preventCancel: true })) break;
  same(cancelled, 1);
});
check('released readers reject what was asked', async () => {
  const reader = new ReadableStream().getReader();
  const asked = reader.read();
  reader.releaseLock();
  await fails('TypeError', () => asked);
  await fails('TypeError', () => reader.closed);
});
check('strategies count by their size', async () => {
  same(new ByteLengthQueuingStrategy({ highWaterMark: 5 }).size(bytes(1, 2)), 2);
  let desired;
  new ReadableStream({ start(c) { c.enqueue(bytes(1, 2)); desired = c.desiredSize; } }, new ByteLengthQueuingStrategy({ highWaterMark: 5 }));
  same(desired, 3);
});
check('methods refuse other objects', async () => {
  await fails('TypeError', () => ReadableStream.prototype.getReader.call({}));
  await fails('TypeError', () => ReadableStreamDefaultReader.prototype.read.call({}));
  await fails('TypeError', () => new ReadableStreamDefaultController());
});
