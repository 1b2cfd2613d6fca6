// URL and URLSearchParams (URL Standard §5, §6). Parsing and the setters' parsing are the host's.

const PARTS = ['protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];
const updateQuery = Symbol('update query');
const attach = Symbol('attach');

function formDecode(text) {
  return decodeBytes(text.replaceAll('+', ' '));
}

/** Percent-decodes to bytes and reads them as UTF-8 with replacement. */
function decodeBytes(text) {
  if (!text.includes('%')) return text;
  try {
    if (!/%(?![0-9a-fA-F]{2})/.test(text)) return decodeURIComponent(text);
  } catch { /* not UTF-8: the slow way replaces */ }
  const input = utf8(text);
  const bytes = new Uint8Array(input.length);
  const digit = (c) => (c >= 48 && c <= 57 ? c - 48 : c >= 65 && c <= 70 ? c - 55 : c >= 97 && c <= 102 ? c - 87 : -1);
  let length = 0;
  for (let i = 0; i < input.length; i++) {
    const high = input[i] === 37 && i + 2 < input.length ? digit(input[i + 1]) : -1;
    const low = high >= 0 ? digit(input[i + 2]) : -1;
    if (low >= 0) { bytes[length++] = high * 16 + low; i += 2; } else bytes[length++] = input[i];
  }
  return host.text(bytes.buffer, 0, length);
}

function formEncode(text) {
  return encodeURIComponent(text)
    .replace(/[!'()~]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())
    .replaceAll('%20', '+');
}

function parseForm(text) {
  const pairs = [];
  for (const part of text.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    pairs.push(at < 0 ? [formDecode(part), ''] : [formDecode(part.slice(0, at)), formDecode(part.slice(at + 1))]);
  }
  return pairs;
}

class URLSearchParams {
  #pairs = []; #url = null;
  constructor(init = '') {
    if (init === null) init = 'null';
    if (typeof init === 'object' || typeof init === 'function') {
      if (init[Symbol.iterator] !== undefined && init[Symbol.iterator] !== null) {
        for (const pair of init) {
          const both = [...pair];
          if (both.length !== 2) throw new TypeError('URLSearchParams: each pair must have a name and a value');
          this.#pairs.push([scalar(both[0]), scalar(both[1])]);
        }
      } else {
        for (const name of Reflect.ownKeys(init)) {
          if (Object.getOwnPropertyDescriptor(init, name)?.enumerable) this.#pairs.push([scalar(name), scalar(init[name])]);
        }
      }
    } else {
      const text = scalar(init);
      this.#pairs = parseForm(text.startsWith('?') ? text.slice(1) : text);
    }
  }
  [attach](url, query) { this.#url = url; this.#pairs = parseForm(query); }
  #changed() { this.#url?.[updateQuery](this.toString()); }
  get size() { return this.#pairs.length; }
  append(name, value) { this.#pairs.push([scalar(name), scalar(value)]); this.#changed(); }
  delete(name, value = undefined) {
    name = scalar(name);
    this.#pairs = this.#pairs.filter((pair) => pair[0] !== name || (value !== undefined && pair[1] !== scalar(value)));
    this.#changed();
  }
  get(name) { name = scalar(name); return this.#pairs.find((pair) => pair[0] === name)?.[1] ?? null; }
  getAll(name) { name = scalar(name); return this.#pairs.filter((pair) => pair[0] === name).map((pair) => pair[1]); }
  has(name, value = undefined) {
    name = scalar(name);
    return this.#pairs.some((pair) => pair[0] === name && (value === undefined || pair[1] === scalar(value)));
  }
  set(name, value) {
    name = scalar(name); value = scalar(value);
    const first = this.#pairs.findIndex((pair) => pair[0] === name);
    if (first < 0) this.#pairs.push([name, value]);
    else {
      this.#pairs[first] = [name, value];
      this.#pairs = this.#pairs.filter((pair, index) => index <= first || pair[0] !== name);
    }
    this.#changed();
  }
  sort() { this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)); this.#changed(); }
  forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
  *entries() { for (let i = 0; i < this.#pairs.length; i++) yield [...this.#pairs[i]]; }
  *keys() { for (const pair of this.entries()) yield pair[0]; }
  *values() { for (const pair of this.entries()) yield pair[1]; }
  [Symbol.iterator]() { return this.entries(); }
  toString() { return this.#pairs.map((pair) => formEncode(pair[0]) + '=' + formEncode(pair[1])).join('&'); }
}
tag(URLSearchParams, 'URLSearchParams');

class URL {
  #parts; #params = null;
  constructor(url, base = undefined) {
    const lines = host.parseUrl(scalar(url), base === undefined ? null : scalar(base));
    if (lines === '') throw new TypeError('Invalid URL: ' + String(url).slice(0, 200));
    this.#parts = lines.split('\n');
  }
  static canParse(url, base = undefined) { return host.parseUrl(scalar(url), base === undefined ? null : scalar(base)) !== ''; }
  static parse(url, base = undefined) { try { return new URL(url, base); } catch { return null; } }
  get href() { return this.#parts[0]; }
  set href(value) {
    this.#parts = new URL(value).#parts;
    this.#params?.[attach](this, this.search.slice(1));
  }
  get origin() { return this.#parts[10]; }
  get searchParams() {
    if (this.#params === null) {
      this.#params = new URLSearchParams();
      this.#params[attach](this, this.search.slice(1));
    }
    return this.#params;
  }
  [updateQuery](query) { this.#parts = host.setUrl(this.href, 'search', query).split('\n'); }
  toString() { return this.href; }
  toJSON() { return this.href; }
  static {
    PARTS.forEach((name, index) => Object.defineProperty(URL.prototype, name, {
      get() { return this.#parts[index + 1]; },
      set(value) {
        this.#parts = host.setUrl(this.#parts[0], name, scalar(value)).split('\n');
        if (name === 'search') this.#params?.[attach](this, this.search.slice(1));
      },
      enumerable: true,
      configurable: true,
    }));
  }
}
tag(URL, 'URL');
