// URL and URLSearchParams (URL Standard §5, §6). Parsing and the setters' parsing are the host's.

/** Where the host's answer has the parts of a URL. */
const [HREF, PROTOCOL, USERNAME, PASSWORD, HOST, HOSTNAME, PORT, PATHNAME, SEARCH, HASH, ORIGIN] = Array(11).keys();

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
  if (/^[*\-.0-9A-Z_a-z]*$/.test(text)) return text;
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

/** Internals of the two; the functions refuse other objects. */
let attachParams;
let paramAt;
let updateQuery;

class URLSearchParams {
  #pairs = []; #url = null;
  constructor(init = '') {
    if (isObject(init)) {
      const flat = pairsOf(init, scalar, 'URLSearchParams');
      for (let i = 0; i < flat.length; i += 2) this.#pairs.push([flat[i], flat[i + 1]]);
    } else {
      const text = scalar(init);
      this.#pairs = parseForm(text.startsWith('?') ? text.slice(1) : text);
    }
  }
  static {
    attachParams = (params, url, search) => {
      params.#url = url;
      params.#pairs = parseForm(search.slice(1));
      return params;
    };
    paramAt = (params, index) => params.#pairs[index];
  }
  #changed() { if (this.#url !== null) updateQuery(this.#url, this.toString()); }
  get size() { return this.#pairs.length; }
  append(name, value) {
    needs(arguments.length, 2, 'URLSearchParams.append');
    this.#pairs.push([scalar(name), scalar(value)]);
    this.#changed();
  }
  delete(name, value = undefined) {
    needs(arguments.length, 1, 'URLSearchParams.delete');
    name = scalar(name);
    if (value !== undefined) value = scalar(value);
    this.#pairs = this.#pairs.filter((pair) => pair[0] !== name || (value !== undefined && pair[1] !== value));
    this.#changed();
  }
  get(name) {
    needs(arguments.length, 1, 'URLSearchParams.get');
    name = scalar(name);
    return this.#pairs.find((pair) => pair[0] === name)?.[1] ?? null;
  }
  getAll(name) {
    needs(arguments.length, 1, 'URLSearchParams.getAll');
    name = scalar(name);
    return this.#pairs.filter((pair) => pair[0] === name).map((pair) => pair[1]);
  }
  has(name, value = undefined) {
    needs(arguments.length, 1, 'URLSearchParams.has');
    name = scalar(name);
    if (value !== undefined) value = scalar(value);
    return this.#pairs.some((pair) => pair[0] === name && (value === undefined || pair[1] === value));
  }
  set(name, value) {
    needs(arguments.length, 2, 'URLSearchParams.set');
    name = scalar(name);
    value = scalar(value);
    const first = this.#pairs.findIndex((pair) => pair[0] === name);
    if (first < 0) this.#pairs.push([name, value]);
    else {
      this.#pairs[first] = [name, value];
      this.#pairs = this.#pairs.filter((pair, index) => index <= first || pair[0] !== name);
    }
    this.#changed();
  }
  sort() { this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)); this.#changed(); }
  toString() { return this.#pairs.map((pair) => formEncode(pair[0]) + '=' + formEncode(pair[1])).join('&'); }
}
iterable(URLSearchParams, 'URLSearchParams', paramAt);
tag(URLSearchParams, 'URLSearchParams');

/** The parts of a URL, or null when it is none. Arguments as the URL API's functions have them. */
function urlParts(count, url, base, operation) {
  needs(count, 1, operation);
  url = scalar(url);
  const lines = host.parseUrl(url, base === undefined ? null : scalar(base));
  return lines === '' ? null : lines.split('\n');
}

function invalidUrl(text) { return new TypeError(`Invalid URL: ${JSON.stringify(text.slice(0, 200))}`); }

class URL {
  #parts; #params = null;
  constructor(url, base = undefined) {
    if (url === UNMADE) { this.#parts = base; return; }
    this.#parts = urlParts(arguments.length, url, base, 'URL');
    if (this.#parts === null) throw invalidUrl(`${url}`);
  }
  static {
    updateQuery = (url, query) => { url.#parts = host.setUrl(url.#parts[HREF], 'search', query).split('\n'); };
  }
  static canParse(url, base = undefined) { return urlParts(arguments.length, url, base, 'URL.canParse') !== null; }
  static parse(url, base = undefined) {
    const parts = urlParts(arguments.length, url, base, 'URL.parse');
    return parts === null ? null : new URL(UNMADE, parts);
  }
  static createObjectURL(obj) { needs(arguments.length, 1, 'URL.createObjectURL'); return part('blob').createObjectURL(obj); }
  static revokeObjectURL(url) { needs(arguments.length, 1, 'URL.revokeObjectURL'); part('blob').revokeObjectURL(scalar(url)); }
  #set(part, value) { this.#parts = host.setUrl(this.#parts[HREF], part, scalar(value)).split('\n'); }
  #renewParams() { if (this.#params !== null) attachParams(this.#params, this, this.#parts[SEARCH]); }
  get href() { return this.#parts[HREF]; }
  set href(value) {
    const text = scalar(value);
    const parts = urlParts(1, text, undefined, 'URL.href');
    if (parts === null) throw invalidUrl(text);
    this.#parts = parts;
    this.#renewParams();
  }
  get origin() { return this.#parts[ORIGIN]; }
  get protocol() { return this.#parts[PROTOCOL]; }
  set protocol(value) { this.#set('protocol', value); }
  get username() { return this.#parts[USERNAME]; }
  set username(value) { this.#set('username', value); }
  get password() { return this.#parts[PASSWORD]; }
  set password(value) { this.#set('password', value); }
  get host() { return this.#parts[HOST]; }
  set host(value) { this.#set('host', value); }
  get hostname() { return this.#parts[HOSTNAME]; }
  set hostname(value) { this.#set('hostname', value); }
  get port() { return this.#parts[PORT]; }
  set port(value) { this.#set('port', value); }
  get pathname() { return this.#parts[PATHNAME]; }
  set pathname(value) { this.#set('pathname', value); }
  get search() { return this.#parts[SEARCH]; }
  set search(value) {
    this.#set('search', value);
    this.#renewParams();
  }
  get searchParams() { return (this.#params ??= attachParams(new URLSearchParams(), this, this.#parts[SEARCH])); }
  get hash() { return this.#parts[HASH]; }
  set hash(value) { this.#set('hash', value); }
  toJSON() { return this.#parts[HREF]; }
  toString() { return this.#parts[HREF]; }
}
tag(URL, 'URL');
const { parse: parseUrl } = URL;
