// A subset of Node.js' url: what works on the URL Standard's URLs. The older parser (`url.parse`) is not offered.

const { URL, URLSearchParams } = globalThis;
export { URL, URLSearchParams };

export function domainToASCII(domain) { return URL.parse(`http://${domain}`)?.hostname ?? ''; }

export function fileURLToPath(url) {
  const { protocol, hostname, pathname } = url instanceof URL ? url : new URL(url);
  if (protocol !== 'file:') throw new TypeError('The URL must be of scheme file');
  if (hostname !== '') throw new TypeError('File URL host must be "localhost" or empty');
  if (/%2f/i.test(pathname)) throw new TypeError('File URL path must not include encoded / characters');
  return decodeURIComponent(pathname);
}

export function pathToFileURL(path) {
  const url = new URL('file:///');
  url.pathname = `${path}`.replace(/[%\\\n\r\t?#]/g, (mark) => `%${mark.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);
  return url;
}

/** A URL as text, without the parts that are switched off. */
export function format(url, { auth = true, fragment = true, search = true } = {}) {
  const out = new URL(url);
  if (!auth) [out.username, out.password] = ['', ''];
  if (!fragment) out.hash = '';
  if (!search) out.search = '';
  return out.href;
}

/** `to`, seen from `from`. */
export function resolve(from, to) {
  const base = new URL(from, 'resolve://');
  const resolved = new URL(to, base);
  return resolved.protocol === 'resolve:' ? resolved.pathname + resolved.search + resolved.hash : resolved.href;
}

export function urlToHttpOptions(url) {
  const { protocol, hostname, hash, search, pathname, href, port, username, password } = url;
  return {
    __proto__: null, protocol, hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname, hash, search, pathname, path: pathname + search, href,
    ...(port === '' ? {} : { port: Number(port) }),
    ...(username === '' && password === '' ? {} : { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }),
  };
}

export default { URL, URLSearchParams, domainToASCII, fileURLToPath, pathToFileURL, format, resolve, urlToHttpOptions };
