// A subset of Node.js' events: EventEmitter and once.

export class EventEmitter {
  #listeners = new Map();
  #add(name, listener, first) {
    if (typeof listener !== 'function') throw new TypeError('The "listener" argument must be of type function');
    const list = this.#listeners.get(name) ?? [];
    this.#listeners.set(name, first ? [listener, ...list] : [...list, listener]);
    return this;
  }
  on(name, listener) { return this.#add(name, listener, false); }
  addListener(name, listener) { return this.on(name, listener); }
  prependListener(name, listener) { return this.#add(name, listener, true); }
  once(name, listener) {
    const wrapped = (...values) => { this.off(name, wrapped); return listener.apply(this, values); };
    wrapped.listener = listener;
    return this.on(name, wrapped);
  }
  off(name, listener) {
    const list = this.#listeners.get(name) ?? [];
    const at = list.findLastIndex((one) => one === listener || one.listener === listener);
    if (at >= 0) this.#listeners.set(name, list.toSpliced(at, 1));
    if (this.#listeners.get(name)?.length === 0) this.#listeners.delete(name);
    return this;
  }
  removeListener(name, listener) { return this.off(name, listener); }
  removeAllListeners(name) {
    if (name === undefined) this.#listeners.clear(); else this.#listeners.delete(name);
    return this;
  }
  emit(name, ...values) {
    const list = this.#listeners.get(name);
    if (list === undefined) {
      if (name === 'error') throw values[0] instanceof Error ? values[0] : new Error(`Unhandled error. (${values[0]})`);
      return false;
    }
    for (const listener of list) listener.apply(this, values);
    return true;
  }
  listeners(name) { return (this.#listeners.get(name) ?? []).map((one) => one.listener ?? one); }
  listenerCount(name) { return this.#listeners.get(name)?.length ?? 0; }
  eventNames() { return [...this.#listeners.keys()]; }
  setMaxListeners() { return this; }
}

/** A promise of the next event. */
export function once(emitter, name) {
  return new Promise((resolve, reject) => {
    const failed = (error) => { emitter.off(name, came); reject(error); };
    const came = (...values) => { emitter.off('error', failed); resolve(values); };
    emitter.once(name, came);
    if (name !== 'error') emitter.once('error', failed);
  });
}
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.once = once;
export default EventEmitter;
