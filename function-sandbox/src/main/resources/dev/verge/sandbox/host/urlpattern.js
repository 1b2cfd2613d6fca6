// URLPattern (URL Pattern Standard §1, §3, https://urlpattern.spec.whatwg.org/). Loaded when used.

const { tag, dictionary, isObject, scalar, part } = shared;
const { tokenize, compile, escapePattern, PLAIN, HOSTNAME, PATHNAME } = part('pattern-syntax');

const COMPONENTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
const SPECIAL_PORTS = new Map([['http', '80'], ['https', '443'], ['ws', '80'], ['wss', '443'], ['ftp', '21'], ['file', '']]);

function specialMatch(component) { return [...SPECIAL_PORTS.keys()].some((scheme) => component.regexp.test(scheme)); }

// --- canonical forms (§3.1) ---

const DUMMY = 'https://dummy.invalid/';
const DUMMY_HOST = 'dummy.invalid';
const PART = { username: 2, password: 3, hostname: 5, pathname: 7, search: 8, hash: 9 };

function set(part, value) { return host.setUrl(DUMMY, part, value).split('\n')[PART[part]]; }

function wrong(part, value) { return new TypeError(`URLPattern: ${JSON.stringify(value.slice(0, 200))} is not a ${part}`); }

const canonical = {
  protocol(value) {
    if (value === '') return value;
    const url = host.parseUrl(`${value}://dummy.invalid/`, null);
    if (url === '') throw wrong('protocol', value);
    return url.split('\n')[1].slice(0, -1);
  },
  username(value) { return value === '' ? value : set('username', value); },
  password(value) { return value === '' ? value : set('password', value); },
  hostname(value) {
    if (value === '') return value;
    const found = set('hostname', value);
    if (found === DUMMY_HOST && value.toLowerCase() !== DUMMY_HOST) throw wrong('hostname', value);
    return found;
  },
  address(value) {
    if (!/^[0-9a-fA-F[\]:]*$/.test(value)) throw wrong('hostname', value);
    return value.toLowerCase();
  },
  port(value, protocol = '') {
    if (value === '') return value;
    const digits = /^[0-9]+/.exec(value.replace(/[\t\n\r]/g, ''))?.[0].replace(/^0+(?=.)/, '');
    if (digits === undefined || digits.length > 5 || Number(digits) > 65535) throw wrong('port', value);
    return SPECIAL_PORTS.get(protocol) === digits ? '' : digits;
  },
  pathname(value) {
    if (value === '') return value;
    // Without a slash a leading dot segment would be lost.
    return value.startsWith('/') ? set('pathname', value) : set('pathname', '/-' + value).slice(2);
  },
  opaque(value) { return value.replace(/[\t\n\r]/g, '').replace(/[?#].*$/s, '').replace(/[\0-\x1f\x7f-\u{10ffff}]/gu, encodeURIComponent); },
  search(value) { return value === '' ? value : set('search', '?' + value).slice(1); },
  hash(value) { return value === '' ? value : set('hash', '#' + value).slice(1); },
};

// --- URLPatternInit (§3.2) ---

/** The dictionary's members, read in the order of WebIDL. */
function initOf(value) {
  const from = dictionary(value, 'URLPattern: input');
  const init = {};
  for (const name of ['baseURL', 'hash', 'hostname', 'password', 'pathname', 'port', 'protocol', 'search', 'username']) {
    const member = from[name];
    if (member !== undefined) init[name] = scalar(member);
  }
  return init;
}

function isAbsolute(path, asPattern) { return path.startsWith('/') || (asPattern && (path.startsWith('\\/') || path.startsWith('{/'))); }

/** The components of a dictionary over `result`: as patterns, or as the parts of a URL, made canonical. */
function processInit(init, asPattern, result) {
  let base = null;
  if (init.baseURL !== undefined) {
    const lines = host.parseUrl(init.baseURL, null);
    if (lines === '') throw wrong('base URL', init.baseURL);
    const [, scheme, username, password, , hostname, port, pathname, search, hash] = lines.split('\n');
    base = { protocol: scheme.slice(0, -1), username, password, hostname, port, pathname, search: search.slice(1), hash: hash.slice(1) };
    const inherited = (name) => { result[name] = asPattern ? escapePattern(base[name]) : base[name]; };
    const without = (...names) => names.every((name) => init[name] === undefined);
    if (without('protocol')) inherited('protocol');
    if (!asPattern && without('protocol', 'hostname', 'port', 'username')) inherited('username');
    if (!asPattern && without('protocol', 'hostname', 'port', 'username', 'password')) inherited('password');
    const path = ['protocol', 'hostname', 'port', 'pathname', 'search', 'hash'];
    for (let i = 1; i < path.length; i++) if (without(...path.slice(0, i + 1))) inherited(path[i]);
  }
  const made = (name, value, make) => { result[name] = asPattern ? value : make(value); };
  if (init.protocol !== undefined) made('protocol', init.protocol.replace(/:$/, ''), canonical.protocol);
  const protocol = result.protocol ?? '';
  if (init.username !== undefined) made('username', init.username, canonical.username);
  if (init.password !== undefined) made('password', init.password, canonical.password);
  if (init.hostname !== undefined) made('hostname', init.hostname, canonical.hostname);
  if (init.port !== undefined) made('port', init.port, (port) => canonical.port(port, protocol));
  if (init.pathname !== undefined) {
    let path = init.pathname;
    if (base !== null && base.pathname.startsWith('/') && !isAbsolute(path, asPattern)) {
      path = (asPattern ? escapePattern(base.pathname) : base.pathname).replace(/[^/]*$/, '') + path;
    }
    made('pathname', path, protocol === '' || SPECIAL_PORTS.has(protocol) ? canonical.pathname : canonical.opaque);
  }
  if (init.search !== undefined) made('search', init.search.replace(/^\?/, ''), canonical.search);
  if (init.hash !== undefined) made('hash', init.hash.replace(/^#/, ''), canonical.hash);
  return result;
}

// --- constructor strings (§1.6) ---

const BEFORE_HOST = ['protocol', 'authority', 'username', 'password'];
const BEFORE_PATH = [...BEFORE_HOST, 'hostname', 'port'];

class StringParser {
  result = {}; #chars; #tokens; #at = 0; #start = 0; #step = 1; #state = 'init'; #special = false;
  constructor(input) {
    this.#chars = Array.from(input);
    this.#tokens = tokenize(this.#chars, true);
    this.#parse();
    if (this.result.hostname !== undefined && this.result.port === undefined) this.result.port = '';
  }
  #is(char, ahead = 0) {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    return token.value === char && (token.type === 'char' || token.type === 'escaped' || token.type === 'invalid');
  }
  get #search() {
    if (this.#is('?')) return true;
    if (this.#tokens[this.#at].value !== '?') return false;
    return !['name', 'regexp', 'close', 'asterisk'].includes(this.#tokens[this.#at - 1]?.type);
  }
  get #component() { return this.#chars.slice(this.#tokens[this.#start].at, this.#tokens[this.#at].at).join(''); }
  #rewind(state) { this.#at = this.#start; this.#step = 0; this.#state = state; }
  #enter(state, skip) {
    const from = this.#state;
    const { result } = this;
    if (from !== 'init' && from !== 'authority') result[from] = this.#component;
    if (from !== 'init' && state !== 'done') {
      if (BEFORE_HOST.includes(from) && ['port', 'pathname', 'search', 'hash'].includes(state)) result.hostname ??= '';
      if (BEFORE_PATH.includes(from) && ['search', 'hash'].includes(state)) result.pathname ??= this.#special ? '/' : '';
      if ((BEFORE_PATH.includes(from) || from === 'pathname') && state === 'hash') result.search ??= '';
    }
    this.#state = state;
    this.#at += skip;
    this.#start = this.#at;
    this.#step = 0;
  }
  /** Goes to the search or hash when one begins here; tells whether. */
  #tail(search = true) {
    if (search && this.#search) this.#enter('search', 1);
    else if (this.#is('#')) this.#enter('hash', 1);
    else return false;
    return true;
  }
  #parse() {
    let depth = 0;
    let brackets = 0;
    for (; this.#at < this.#tokens.length; this.#at += this.#step) {
      this.#step = 1;
      const { type } = this.#tokens[this.#at];
      if (type === 'end') {
        if (this.#state === 'init') {
          this.#rewind('init');
          if (this.#is('#')) this.#enter('hash', 1);
          else if (this.#search) this.#enter('search', 1);
          else this.#enter('pathname', 0);
        } else if (this.#state === 'authority') this.#rewind('hostname');
        else {
          this.#enter('done', 0);
          return;
        }
        continue;
      }
      if (type === 'open') { depth++; continue; }
      if (depth > 0) {
        if (type !== 'close') continue;
        depth--;
      }
      switch (this.#state) {
        case 'init': if (this.#is(':')) this.#rewind('protocol'); break;
        case 'protocol': {
          if (!this.#is(':')) break;
          this.#special = specialMatch(compile(this.#component, canonical.protocol, PLAIN, false));
          if (this.#is('/', 1) && this.#is('/', 2)) this.#enter('authority', 3);
          else this.#enter(this.#special ? 'authority' : 'pathname', 1);
          break;
        }
        case 'authority':
          if (this.#is('@')) this.#rewind('username');
          else if (this.#is('/') || this.#search || this.#is('#')) this.#rewind('hostname');
          break;
        case 'username':
          if (this.#is(':')) this.#enter('password', 1); else if (this.#is('@')) this.#enter('hostname', 1);
          break;
        case 'password': if (this.#is('@')) this.#enter('hostname', 1); break;
        case 'hostname':
          if (this.#is('[')) brackets++;
          else if (this.#is(']')) brackets--;
          else if (this.#is(':') && brackets === 0) this.#enter('port', 1);
          else if (this.#is('/')) this.#enter('pathname', 0);
          else this.#tail();
          break;
        case 'port': if (this.#is('/')) this.#enter('pathname', 0); else this.#tail(); break;
        case 'pathname': this.#tail(); break;
        case 'search': this.#tail(false); break;
        default: break;
      }
    }
  }
}

// --- the interface (§1.2) ---

class URLPattern {
  #components = {};
  constructor(input = {}, baseURL = undefined, options = undefined) {
    if (arguments.length < 3 && (baseURL === undefined || baseURL === null || isObject(baseURL))) [baseURL, options] = [undefined, baseURL];
    else baseURL = scalar(baseURL);
    const isText = !isObject(input) && input !== null;
    const given = isText ? scalar(input) : initOf(input);
    const ignoreCase = Boolean(dictionary(options, 'URLPattern: options').ignoreCase);
    let init = given;
    if (isText) {
      init = new StringParser(given).result;
      if (baseURL === undefined && init.protocol === undefined) throw new TypeError('URLPattern: baseURL: a relative pattern needs one');
      if (baseURL !== undefined) init.baseURL = baseURL;
    } else if (baseURL !== undefined) throw new TypeError('URLPattern: baseURL: must not be given beside a dictionary');
    const patterns = processInit(init, true, {});
    for (const name of COMPONENTS) patterns[name] ??= '*';
    if (SPECIAL_PORTS.has(patterns.protocol) && SPECIAL_PORTS.get(patterns.protocol) === patterns.port) patterns.port = '';
    const made = this.#components;
    made.protocol = compile(patterns.protocol, canonical.protocol, PLAIN, false);
    made.username = compile(patterns.username, canonical.username, PLAIN, false);
    made.password = compile(patterns.password, canonical.password, PLAIN, false);
    made.hostname = compile(patterns.hostname, /^[\\{]?\[/.test(patterns.hostname) ? canonical.address : canonical.hostname, HOSTNAME, false);
    made.port = compile(patterns.port, canonical.port, PLAIN, false);
    made.pathname = specialMatch(made.protocol)
      ? compile(patterns.pathname, canonical.pathname, PATHNAME, ignoreCase)
      : compile(patterns.pathname, canonical.opaque, PLAIN, ignoreCase);
    made.search = compile(patterns.search, canonical.search, PLAIN, ignoreCase);
    made.hash = compile(patterns.hash, canonical.hash, PLAIN, ignoreCase);
  }
  get protocol() { return this.#components.protocol.pattern; }
  get username() { return this.#components.username.pattern; }
  get password() { return this.#components.password.pattern; }
  get hostname() { return this.#components.hostname.pattern; }
  get port() { return this.#components.port.pattern; }
  get pathname() { return this.#components.pathname.pattern; }
  get search() { return this.#components.search.pattern; }
  get hash() { return this.#components.hash.pattern; }
  get hasRegExpGroups() { return COMPONENTS.some((name) => this.#components[name].grouped); }
  test(input = {}, baseURL = undefined) { return this.#match(input, baseURL) !== null; }
  exec(input = {}, baseURL = undefined) { return this.#match(input, baseURL); }
  #match(input, baseURL) {
    const components = this.#components;
    const isText = !isObject(input) && input !== null;
    const given = isText ? scalar(input) : initOf(input);
    const base = baseURL === undefined ? null : scalar(baseURL);
    const inputs = base === null ? [given] : [given, base];
    let values;
    if (isText) {
      const lines = host.parseUrl(given, base);
      if (lines === '') return null;
      const [, scheme, username, password, , hostname, port, pathname, search, hash] = lines.split('\n');
      values = { protocol: scheme.slice(0, -1), username, password, hostname, port, pathname, search: search.slice(1), hash: hash.slice(1) };
    } else {
      if (base !== null) throw new TypeError('URLPattern: baseURL: must not be given beside a dictionary');
      const empty = Object.fromEntries(COMPONENTS.map((name) => [name, '']));
      try { values = processInit(given, false, empty); } catch { return null; }
    }
    const result = { inputs };
    for (const name of COMPONENTS) {
      const match = components[name].regexp.exec(values[name]);
      if (match === null) return null;
      result[name] = { input: values[name], groups: Object.fromEntries(components[name].names.map((label, i) => [label, match[i + 1]])) };
    }
    return result;
  }
}
tag(URLPattern, 'URLPattern');

return { URLPattern };
