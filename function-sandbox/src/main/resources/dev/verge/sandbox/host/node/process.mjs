// Of Node.js' process what a function has: no process, no arguments, and variables come by `env` of the handler.

export const env = {};
export const argv = [];
export const platform = 'linux';
export const version = '';
export const versions = {};
export function cwd() { return '/'; }
export function nextTick(callback, ...values) { queueMicrotask(() => callback(...values)); }
export function emitWarning(warning) { console.warn(warning); }
export function hrtime() { const now = performance.now(); return [Math.floor(now / 1000), Math.round((now % 1000) * 1e6)]; }
hrtime.bigint = () => BigInt(Math.round(performance.now() * 1e6));
export default { env, argv, platform, version, versions, cwd, nextTick, emitWarning, hrtime };
