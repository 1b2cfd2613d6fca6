// Abort signals (DOM Standard §3).

let signalState;
let isSignal;

class AbortSignal extends EventTarget {
  #s = { aborted: false, reason: undefined, algorithms: null, sources: null, dependents: null };
  static { signalState = (signal) => signal.#s; isSignal = (value) => isObject(value) && #s in value; }
  constructor(key = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    super();
  }
  static abort(reason = undefined) {
    const signal = new AbortSignal(internal);
    const state = signal.#s;
    state.aborted = true;
    state.reason = reason === undefined ? abortError() : reason;
    return signal;
  }
  static timeout(milliseconds) {
    needs(arguments.length, 1, 'AbortSignal.timeout');
    const delay = Math.min(wholeNumber(milliseconds, 'milliseconds'), 2 ** 31 - 1);
    const signal = new AbortSignal(internal);
    setTimer(() => signalAbort(signal, new DOMException('The operation timed out', 'TimeoutError')), delay, false, []);
    return signal;
  }
  static any(signals) {
    needs(arguments.length, 1, 'AbortSignal.any');
    return dependentSignal(sequence(signals, 'AbortSignal.any', (one) => {
      if (!isSignal(one)) throw new TypeError('AbortSignal.any: each must be an AbortSignal');
      return one;
    }));
  }
  get aborted() { return this.#s.aborted; }
  get reason() { return this.#s.reason; }
  throwIfAborted() { if (this.#s.aborted) throw this.#s.reason; }
}
handlerAttribute(AbortSignal.prototype, 'abort');
tag(AbortSignal, 'AbortSignal');

class AbortController {
  #signal = new AbortSignal(internal);
  get signal() { return this.#signal; }
  abort(reason = undefined) { signalAbort(this.#signal, reason); }
}
tag(AbortController, 'AbortController');

function abortError() { return new DOMException('This operation was aborted', 'AbortError'); }

/** What runs when a signal is aborted, before its event; not when it is aborted already. */
function addAbortAlgorithm(signal, algorithm) {
  const state = signalState(signal);
  if (!state.aborted) (state.algorithms ??= new Set()).add(algorithm);
}

function removeAbortAlgorithm(signal, algorithm) { signalState(signal).algorithms?.delete(algorithm); }

/** A new signal that is aborted when one of others is (DOM §3.2.1). */
function dependentSignal(signals) {
  const signal = new AbortSignal(internal);
  const state = signalState(signal);
  const aborted = signals.find((one) => signalState(one).aborted);
  if (aborted !== undefined) {
    state.aborted = true;
    state.reason = signalState(aborted).reason;
    return signal;
  }
  state.sources = new Set();
  for (const one of signals) {
    for (const source of signalState(one).sources ?? [one]) {
      state.sources.add(source);
      (signalState(source).dependents ??= new Set()).add(signal);
    }
  }
  return signal;
}

function signalAbort(signal, reason) {
  const state = signalState(signal);
  if (state.aborted) return;
  state.aborted = true;
  state.reason = reason === undefined ? abortError() : reason;
  const dependents = [];
  for (const dependent of state.dependents ?? []) {
    const its = signalState(dependent);
    if (its.aborted) continue;
    its.aborted = true;
    its.reason = state.reason;
    for (const source of its.sources) if (source !== signal) signalState(source).dependents?.delete(dependent);
    its.sources = new Set();
    dependents.push(dependent);
  }
  state.dependents = null;
  for (const one of [signal, ...dependents]) {
    const its = signalState(one);
    const algorithms = its.algorithms;
    its.algorithms = null;
    for (const algorithm of algorithms ?? []) algorithm();
    if (hasListeners(one, 'abort')) fire(one, new Event('abort'));
  }
}
