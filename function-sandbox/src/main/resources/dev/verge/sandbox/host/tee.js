// Teeing (Streams Standard §4.9.1): two streams of what one gives.

function teeReadable(state) {
  return state.controller instanceof ByteControl ? teeBytes(state) : teeValues(state, false);
}

/** What both kinds of tee know of their branches, and how a branch is cancelled. */
class Tee {
  state; reader; reading = false; again = [false, false]; canceled = [false, false]; reasons = []; branches = []; over = new Deferred();
  constructor(state) { this.state = state; this.reader = acquireReader(state); }
  cancel(index, reason) {
    this.canceled[index] = true;
    this.reasons[index] = reason;
    if (this.canceled[1 - index]) this.over.resolve(readableCancel(this.state, [...this.reasons]));
    return this.over.promise;
  }
  each(action) { this.branches.forEach((branch, index) => { if (!this.canceled[index]) action(branch.controller, index); }); }
  fail(error) {
    for (const branch of this.branches) branch.controller.error(error);
    if (!this.canceled[0] || !this.canceled[1]) this.over.resolve(undefined);
  }
  end() { if (!this.canceled[0] || !this.canceled[1]) this.over.resolve(undefined); }
}

/** Two branches of a stream of values; `cloning` gives the second one copies. */
function teeValues(state, cloning) {
  const tee = new Tee(state);
  let again = false;
  const pull = () => {
    if (tee.reading) { again = true; return; }
    tee.reading = true;
    tee.reader.read({
      chunk: (chunk) => later(() => {
        again = false;
        let second = chunk;
        if (cloning && !tee.canceled[1]) {
          try {
            second = shared.structuredClone(chunk);
          } catch (error) {
            for (const branch of tee.branches) branch.controller.error(error);
            tee.over.resolve(readableCancel(state, error));
            return;
          }
        }
        tee.each((control, index) => control.enqueue(index === 0 ? chunk : second));
        tee.reading = false;
        if (again) pull();
      }),
      close: () => {
        tee.reading = false;
        tee.each((control) => control.close());
        tee.end();
      },
      error: () => { tee.reading = false; },
    });
  };
  for (const index of [0, 1]) tee.branches.push(createReadable({ __proto__: null, pull, cancel: (reason) => tee.cancel(index, reason) }, 1));
  then(tee.reader.closed.promise, undefined, (error) => tee.fail(error));
  return tee.branches;
}

function later(action) { then(resolvedWith(undefined), action); }

function teeBytes(state) {
  const tee = new Tee(state);
  const watch = (reader) => then(reader.closed.promise, undefined, (error) => { if (reader === tee.reader) tee.fail(error); });
  const use = (byob) => {
    if (tee.reader.byob === byob) return;
    tee.reader.release();
    tee.reader = byob ? acquireByteReader(state) : acquireReader(state);
    watch(tee.reader);
  };
  const copyOrFail = (chunk) => {
    try {
      return copyBytes(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    } catch (error) {
      for (const branch of tee.branches) branch.controller.error(error);
      tee.over.resolve(readableCancel(state, error));
      return null;
    }
  };
  const done = () => {
    tee.reading = false;
    if (tee.again[0]) pull(0); else if (tee.again[1]) pull(1);
  };
  const pullChunk = () => {
    use(false);
    tee.reader.read({
      chunk: (chunk) => later(() => {
        tee.again = [false, false];
        const second = tee.canceled[0] || tee.canceled[1] ? chunk : copyOrFail(chunk);
        if (second === null) return;
        tee.each((control, index) => control.enqueue(index === 0 ? chunk : second));
        done();
      }),
      close: () => {
        tee.reading = false;
        tee.each((control) => control.close());
        for (const { controller } of tee.branches) if (controller.pending.length > 0) controller.respond(0);
        tee.end();
      },
      error: () => { tee.reading = false; },
    });
  };
  const pullInto = (view, index) => {
    use(true);
    const mine = tee.branches[index].controller;
    const other = tee.branches[1 - index].controller;
    tee.reader.readInto(view, 1, {
      chunk: (chunk) => later(() => {
        tee.again = [false, false];
        const [mineCanceled, otherCanceled] = [tee.canceled[index], tee.canceled[1 - index]];
        if (!otherCanceled) {
          const copy = copyOrFail(chunk);
          if (copy === null) return;
          if (!mineCanceled) mine.respondWithNewView(chunk);
          other.enqueue(copy);
        } else if (!mineCanceled) mine.respondWithNewView(chunk);
        done();
      }),
      close: (chunk) => {
        tee.reading = false;
        const [mineCanceled, otherCanceled] = [tee.canceled[index], tee.canceled[1 - index]];
        if (!mineCanceled) mine.close();
        if (!otherCanceled) other.close();
        if (chunk !== undefined) {
          if (!mineCanceled) mine.respondWithNewView(chunk);
          if (!otherCanceled && other.pending.length > 0) other.respond(0);
        }
        tee.end();
      },
      error: () => { tee.reading = false; },
    });
  };
  const pull = (index) => {
    if (tee.reading) { tee.again[index] = true; return; }
    tee.reading = true;
    const request = tee.branches[index].controller.byobRequest;
    if (request === null) pullChunk(); else pullInto(request.view, index);
  };
  for (const index of [0, 1]) {
    tee.branches.push(createByteReadable({ __proto__: null, pull: () => pull(index), cancel: (reason) => tee.cancel(index, reason) }));
  }
  watch(tee.reader);
  return tee.branches;
}
