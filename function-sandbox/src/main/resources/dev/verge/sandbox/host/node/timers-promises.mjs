// Node.js' timers/promises.

const { setTimeout: after, clearTimeout } = globalThis;

export function setTimeout(delay, value = undefined, { signal } = {}) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => { clearTimeout(id); reject(signal.reason); };
    const id = after(() => { signal?.removeEventListener('abort', abort); resolve(value); }, delay);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
export function setImmediate(value = undefined, options = undefined) { return setTimeout(0, value, options); }
export async function* setInterval(delay, value = undefined, options = undefined) { for (;;) yield await setTimeout(delay, value, options); }
export const scheduler = { wait: (delay, options) => setTimeout(delay, undefined, options), yield: () => setTimeout(0) };
export default { setTimeout, setImmediate, setInterval, scheduler };
