// Node.js' timers over the web's: their numbers instead of objects.
import promises from 'node:timers/promises';

const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
export { setTimeout, setInterval, clearTimeout, clearInterval, promises };
export function setImmediate(callback, ...values) { return setTimeout(callback, 0, ...values); }
export function clearImmediate(id) { clearTimeout(id); }
export default { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, promises };
