// Piping (Streams Standard §4.9.1, ReadableStreamPipeTo).

function pipeOptions(value) {
  const given = dictionary(value, 'options');
  const [preventAbort, preventCancel, preventClose] = [given.preventAbort, given.preventCancel, given.preventClose].map(Boolean);
  const { signal } = given;
  if (signal !== undefined && !isSignal(signal)) throw new TypeError('signal: must be an AbortSignal');
  return { preventAbort, preventCancel, preventClose, signal };
}

function pipe(source, target, { preventClose, preventAbort, preventCancel, signal }) {
  const reader = acquireReader(source);
  const writer = acquireWriter(target);
  source.disturbed = true;
  const result = new Deferred();
  let shuttingDown = false;
  let lastWrite = resolvedWith(undefined);

  const finish = (failed, error) => {
    writer.release();
    reader.release();
    if (signal !== undefined) removeAbortAlgorithm(signal, abort);
    if (failed) result.reject(error); else result.resolve(undefined);
  };
  const written = () => {
    const last = lastWrite;
    const settled = () => (last === lastWrite ? undefined : written());
    return then(last, settled, settled);
  };
  const shutDown = (action, failed = false, error = undefined) => {
    if (shuttingDown) return;
    shuttingDown = true;
    const rest = () => {
      if (action === null) finish(failed, error);
      else then(action(), () => finish(failed, error), (newer) => finish(true, newer));
    };
    if (target.state === 'writable' && !closeQueuedOrInFlight(target)) then(written(), rest); else rest();
  };
  const abort = () => {
    const error = signal.reason;
    shutDown(() => {
      const actions = [];
      if (!preventAbort) actions.push(target.state === 'writable' ? writableAbort(target, error) : resolvedWith(undefined));
      if (!preventCancel) actions.push(source.state === 'readable' ? readableCancel(source, error) : resolvedWith(undefined));
      return allOf(actions);
    }, true, error);
  };
  const sourceFailed = (error) => shutDown(preventAbort ? null : () => writableAbort(target, error), true, error);
  const targetFailed = (error) => shutDown(preventCancel ? null : () => readableCancel(source, error), true, error);
  const sourceEnded = () => shutDown(preventClose ? null : () => writer.closeAfterPipe());

  const step = () => (shuttingDown ? resolvedWith(true) : then(writer.ready.promise, () => new PromiseOf((resolve, reject) => {
    reader.read({
      // In a task of its own: a source's enqueue() must not run the sink's code.
      chunk: (chunk) => {
        lastWrite = then(resolvedWith(undefined), () => {
          const write = writer.write(chunk);
          handled(write);
          resolve(false);
          return write;
        });
        handled(lastWrite);
      },
      close: () => resolve(true),
      error: reject,
    });
  })));
  const loop = (done) => { if (!done) then(step(), loop, nothing); };

  if (signal !== undefined) {
    if (signal.aborted) { abort(); return result.promise; }
    addAbortAlgorithm(signal, abort);
  }
  if (source.state === 'errored') sourceFailed(source.stored); else then(reader.closed.promise, undefined, sourceFailed);
  if (target.state === 'errored') targetFailed(target.stored); else then(writer.closed.promise, undefined, targetFailed);
  if (source.state === 'closed') sourceEnded(); else then(reader.closed.promise, sourceEnded, nothing);
  if (closeQueuedOrInFlight(target) || target.state === 'closed') targetFailed(new TypeError('pipeTo: the destination is closed'));
  loop(false);
  return result.promise;
}

/** A promise that is settled when all are, with the first rejection. */
function allOf(promises) {
  const result = new Deferred();
  let left = promises.length;
  if (left === 0) result.resolve(undefined);
  for (const one of promises) then(one, () => { if (--left === 0) result.resolve(undefined); }, (error) => result.reject(error));
  return result.promise;
}
