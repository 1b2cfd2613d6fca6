const pack = async (format, text) => new Response(new Response(text).body.pipeThrough(new CompressionStream(format))).bytes();
const unpack = (format, ...chunks) => new Response(ReadableStream.from(chunks).pipeThrough(new DecompressionStream(format))).text();
check('what was compressed comes back, in chunks of any size', async () => {
  const text = 'verge '.repeat(50000);
  for (const format of ['gzip', 'deflate', 'deflate-raw']) {
    const packed = await pack(format, text);
    if (packed.length > 5000) throw new Error(`${format} gave ${packed.length} bytes`);
    const middle = packed.length >> 1;
    same((await unpack(format, packed.slice(0, 1), packed.slice(1, middle), packed.slice(middle))) === text, true);
  }
});
check('what is damaged, cut or goes on is refused', async () => {
  for (const format of ['gzip', 'deflate', 'deflate-raw']) {
    const packed = await pack(format, 'some text');
    await fails('TypeError', () => unpack(format, packed.slice(0, -1)));
    await fails('TypeError', () => unpack(format, packed.slice(), bytes(0)));
    await fails('TypeError', () => unpack(format));
  }
  const damaged = await pack('gzip', 'some text');
  damaged[damaged.length - 6] ^= 1;
  await fails('TypeError', () => unpack('gzip', damaged));
});
check('formats and chunks are checked', async () => {
  await fails('TypeError', () => new CompressionStream('zip'));
  await fails('TypeError', () => unpack('gzip', 'text'));
});
check('the number of open streams is bounded', async () => {
  const open = [];
  await fails('QuotaExceededError', () => { for (;;) open.push(new CompressionStream('gzip')); });
  same(open.length <= 64, true);
  await Promise.all(open.map((stream) => stream.readable.cancel()));
  same(await unpack('gzip', await pack('gzip', 'again')), 'again');
});
check('a write is over when the last of its output is read', async () => {
  const packed = await new Response(new Blob(['expected']).stream().pipeThrough(new CompressionStream('gzip'))).bytes();
  const { readable, writable } = new DecompressionStream('gzip');
  const writing = writable.getWriter().write(packed);
  same((await readable.getReader().read()).value.length, 8);
  await writing;
});
