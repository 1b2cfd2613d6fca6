check('clones have the shape of what was cloned', async () => {
  const made = { date: new Date(5), map: new Map([[1, new Set(['a'])]]), view: bytes(1, 2).subarray(1), re: /a/gi, big: Object(1n), list: [1, , 3] };
  made.self = made;
  const clone = structuredClone(made);
  same([clone.self === clone, +clone.date, [...clone.map.get(1)], [...clone.view], String(clone.re), typeof clone.big, 1 in clone.list, clone.list.length],
    [true, 5, ['a'], [2], '/a/gi', 'object', false, 3]);
});
check('errors keep their kind, text and cause', async () => {
  const clone = structuredClone(new RangeError('text', { cause: { a: 1 } }));
  same([clone instanceof RangeError, clone.message, clone.cause], [true, 'text', { a: 1 }]);
  const exception = structuredClone(new DOMException('m', 'AbortError'));
  same([exception instanceof DOMException, exception.name, exception.message], [true, 'AbortError', 'm']);
});
check('what cannot be cloned is refused', async () => {
  for (const value of [() => {}, Symbol(), new Headers(), Promise.resolve(), new WeakMap(), { deep: [new Response()] }]) {
    await fails('DataCloneError', () => structuredClone(value));
  }
  same((await fails('Error', () => structuredClone({ get x() { throw new Error('mine'); } }))).message, 'mine');
});
check('transferred buffers move', async () => {
  const buffer = bytes(1, 2).buffer;
  const { view } = structuredClone({ view: new Uint8Array(buffer) }, { transfer: [buffer] });
  same([buffer.detached, [...view]], [true, [1, 2]]);
  await fails('DataCloneError', () => structuredClone(1, { transfer: [buffer] }));
});
check('transferred streams go on', async () => {
  const stream = ReadableStream.from([{ a: 1 }]);
  const moved = structuredClone(stream, { transfer: [stream] });
  same([stream.locked, await read(moved)], [true, [{ a: 1 }]]);
});
check('blobs are cloned', async () => { same(await structuredClone(new Blob(['text'])).text(), 'text'); });
check('ports carry messages and ports', async () => {
  const { port1, port2 } = new MessageChannel();
  const inner = new MessageChannel();
  const got = new Promise((resolve) => { port2.onmessage = resolve; });
  port1.postMessage({ a: [1] }, [inner.port2]);
  const event = await got;
  same([event.data, event.ports.length, event.isTrusted], [{ a: [1] }, 1, true]);
  const answer = new Promise((resolve) => { inner.port1.onmessage = (e) => resolve(e.data); });
  event.ports[0].postMessage('back');
  same(await answer, 'back');
  port1.close();
});
check('marks and measures are kept until they are cleared', async () => {
  performance.mark('a', { detail: { n: 1 } });
  same([performance.measure('m', 'a').duration, performance.getEntriesByName('a')[0].detail], [0, { n: 1 }]);
  for (let i = 0; i < 2000; i++) performance.mark('many');
  same(performance.getEntries().length <= 1000, true);
  await fails('TypeError', () => performance.measure('m', 'navigationStart'));
  performance.clearMarks();
  same(performance.getEntriesByType('mark').length, 0);
});
check('timers take arguments and are cleared by either name', async () => {
  same(await new Promise((resolve) => { setTimeout((...values) => resolve(values), 0, 1, 2); }), [1, 2]);
  const id = setInterval(() => { throw new Error('not cleared'); }, 1);
  clearTimeout(id);
  await new Promise((resolve) => { setTimeout(resolve, 3); });
});
check('observers are told of marks and measures in a task of their own', async () => {
  performance.mark('before');
  const told = await new Promise((resolve) => {
    const observer = new PerformanceObserver(function (entries, self) { resolve([entries.getEntries().map((one) => one.name), self === this]); });
    observer.observe({ type: 'mark', buffered: true });
    performance.mark('after');
    performance.measure('not asked for');
  });
  same([told[0].includes('before'), told[0].at(-1), told[1]], [true, 'after', true]);
  const calls = [];
  const gone = new PerformanceObserver(() => calls.push('called'));
  gone.observe({ entryTypes: ['measure', 'resource'] });
  performance.measure('one');
  same(gone.takeRecords().map((one) => one.name), ['one']);
  await fails('InvalidModificationError', () => gone.observe({ type: 'mark' }));
  performance.measure('two');
  gone.disconnect();
  await new Promise((resolve) => { setTimeout(resolve, 3); });
  same([calls.length, PerformanceObserver.supportedEntryTypes], [0, ['mark', 'measure']]);
  await fails('TypeError', () => gone.observe({}));
  await fails('TypeError', () => gone.observe({ type: 'mark', entryTypes: ['mark'] }));
});
check('what an observer is not told yet is bounded, and so are observers', async () => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({ type: 'mark' });
  for (let i = 0; i < 1500; i++) performance.mark('many');
  same(observer.takeRecords().length, 1000);
  observer.disconnect();
  const made = [];
  await fails('QuotaExceededError', () => {
    for (let i = 0; i < 1001; i++) { made.push(new PerformanceObserver(() => {})); made[i].observe({ type: 'mark' }); }
  });
  for (const one of made) one.disconnect();
});
