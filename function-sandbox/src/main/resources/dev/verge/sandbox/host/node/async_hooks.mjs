// Of Node.js' async_hooks what carries values along: AsyncLocalStorage and AsyncResource.

const { Variable, Snapshot } = Crypto.prototype[Symbol.for('verge.platform')].asyncContext;

export class AsyncLocalStorage {
  #variable = new Variable();
  run(store, callback, ...values) { return this.#variable.run(store, callback, ...values); }
  exit(callback, ...values) { return this.#variable.run(undefined, callback, ...values); }
  getStore() { return this.#variable.get(); }
  enterWith() { throw new Error('asyncLocalStorage.enterWith() is not offered, as it would reach beyond its caller: use run()'); }
  static bind(callback) { return AsyncResource.bind(callback); }
  static snapshot() {
    const snapshot = new Snapshot();
    return (callback, ...values) => snapshot.run(callback, ...values);
  }
}

export class AsyncResource {
  #snapshot = new Snapshot();
  constructor(type) { if (typeof type !== 'string' || type === '') throw new TypeError('The "type" argument must be a string'); this.type = type; }
  runInAsyncScope(callback, self, ...values) { return this.#snapshot.run(() => Reflect.apply(callback, self, values)); }
  bind(callback) { const scope = this; return function bound(...values) { return scope.runInAsyncScope(callback, this, ...values); }; }
  static bind(callback, type = callback.name || 'bound') { return new AsyncResource(type).bind(callback); }
  emitDestroy() { return this; }
}
export default { AsyncLocalStorage, AsyncResource };
