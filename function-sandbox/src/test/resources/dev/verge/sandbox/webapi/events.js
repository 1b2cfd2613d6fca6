check('listeners are called once, captured first, until the signal is aborted', async () => {
  const target = new EventTarget();
  const order = [];
  const stop = new AbortController();
  target.addEventListener('x', () => order.push('once'), { once: true });
  target.addEventListener('x', () => order.push('signal'), { signal: stop.signal });
  target.addEventListener('x', { handleEvent() { order.push('object'); } }, true);
  target.dispatchEvent(new Event('x'));
  stop.abort();
  target.dispatchEvent(new Event('x'));
  same(order, ['object', 'once', 'signal', 'object']);
});
check('an event knows where it is', async () => {
  const target = new EventTarget();
  let seen;
  target.addEventListener('x', (e) => { seen = [e.target === target, e.eventPhase, e.composedPath().length, e.isTrusted]; e.preventDefault(); });
  const event = new Event('x', { cancelable: true });
  same([target.dispatchEvent(event), seen, event.eventPhase, event.defaultPrevented], [false, [true, 2, 1, false], 0, true]);
});
check('an exception of a listener does not stop others and is reported', async () => {
  const target = new EventTarget();
  let called = false;
  let reported;
  globalThis.onerror = (message, file, line, column, error) => { reported = error.message; return true; };
  target.addEventListener('x', () => { throw new Error('first'); });
  target.addEventListener('x', () => { called = true; });
  target.dispatchEvent(new Event('x'));
  globalThis.onerror = null;
  same([called, reported], [true, 'first']);
});
check('signals depend on others', async () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const any = AbortSignal.any([AbortSignal.any([one.signal]), two.signal]);
  let fired = 0;
  any.onabort = () => { fired++; };
  one.abort('reason');
  two.abort();
  same([any.aborted, any.reason, fired], [true, 'reason', 1]);
  same(AbortSignal.abort().reason.name, 'AbortError');
});
check('a signal of time is aborted', async () => {
  const signal = AbortSignal.timeout(1);
  await new Promise((resolve) => { signal.onabort = resolve; });
  same(signal.reason.name, 'TimeoutError');
});
check('rejections that nobody handles are told', async () => {
  const told = new Promise((resolve) => { globalThis.onunhandledrejection = (event) => { event.preventDefault(); resolve(event.reason); }; });
  Promise.reject('lost');
  setTimeout(() => {}, 1);
  same(await told, 'lost');
  globalThis.onunhandledrejection = null;
});
check('exceptions of the DOM are errors with names and codes', async () => {
  const exception = new DOMException('text', 'DataCloneError');
  same([exception.code, exception.message, exception instanceof Error, typeof exception.stack], [25, 'text', true, 'string']);
  same(Object.getPrototypeOf(DOMException) === Function.prototype, true);
  await fails('TypeError', () => DOMException.prototype.name);
});
check('the engine is not reachable', async () => { same([typeof Graal, typeof Polyglot, typeof Java], ['undefined', 'undefined', 'undefined']); });
