// Node.js' path, as on POSIX.

export const sep = '/';
export const delimiter = ':';

function checked(path, name = 'path') {
  if (typeof path !== 'string') throw new TypeError(`The "${name}" argument must be of type string. Received ${path === null ? 'null' : typeof path}`);
  return path;
}

/** The segments of a path without `.`, and without `..` where there is something before it. */
function segments(path, absolute) {
  const out = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') out.push(segment);
    else if (out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (!absolute) out.push('..');
  }
  return out;
}

export function isAbsolute(path) { return checked(path).startsWith('/'); }
export function normalize(path) {
  if (checked(path) === '') return '.';
  const absolute = isAbsolute(path);
  const joined = segments(path, absolute).join('/');
  const end = path.endsWith('/') && joined !== '' ? '/' : '';
  if (absolute) return `/${joined}${end}`;
  return joined === '' ? (path.endsWith('/') ? './' : '.') : joined + end;
}
export function join(...paths) {
  const joined = paths.map((path) => checked(path)).filter((path) => path !== '').join('/');
  return joined === '' ? '.' : normalize(joined);
}
/** From the last absolute path on; the working folder is the root. */
export function resolve(...paths) {
  let whole = '';
  for (const path of paths.map((one) => checked(one, 'paths'))) if (path !== '') whole = isAbsolute(path) ? path : `${whole}/${path}`;
  return `/${segments(whole, true).join('/')}`;
}
export function relative(from, to) {
  const [start, end] = [from, to].map((path) => segments(resolve(checked(path)), true));
  let same = 0;
  while (same < Math.min(start.length, end.length) && start[same] === end[same]) same++;
  return [...start.slice(same).fill('..'), ...end.slice(same)].join('/');
}
export function dirname(path) {
  const at = checked(path).replace(/\/+$/, '').lastIndexOf('/');
  if (at > 0) return at === 1 && path.startsWith('//') ? '//' : path.slice(0, at);
  return isAbsolute(path) ? '/' : '.';
}
export function basename(path, suffix = '') {
  const [, name = ''] = /([^/]*)\/*$/s.exec(checked(path).replace(/\/+$/, '')) ?? [];
  return name.endsWith(checked(suffix, 'suffix')) && name !== suffix ? name.slice(0, name.length - suffix.length) : name;
}
export function extname(path) {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 || name === '..' ? '' : name.slice(dot);
}
export function parse(path) {
  const base = basename(path);
  const ext = extname(path);
  const root = isAbsolute(path) ? '/' : '';
  const dir = checked(path).replace(/\/+$/, '').includes('/') ? dirname(path) : root;
  return { root, dir, base, ext, name: base.slice(0, base.length - ext.length) };
}
export function format({ root = '', dir = root, name = '', ext = '', base = name + (ext === '' || ext.startsWith('.') ? ext : `.${ext}`) }) {
  return dir === '' ? base : dir === root ? dir + base : `${dir}/${base}`;
}
export function toNamespacedPath(path) { return path; }

const path = { sep, delimiter, isAbsolute, normalize, join, resolve, relative, dirname, basename, extname, parse, format, toNamespacedPath };
export const posix = path;
path.posix = path;
export default path;
