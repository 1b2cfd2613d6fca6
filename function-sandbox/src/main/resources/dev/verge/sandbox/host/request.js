// Request (Fetch Standard §5.4). What only a browser can do is validated and kept, and has no effect.

const CACHES = ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'];
const CREDENTIALS = ['omit', 'same-origin', 'include'];
const MODES = ['navigate', 'same-origin', 'no-cors', 'cors'];
const PRIORITIES = ['high', 'low', 'auto'];
const REDIRECTS = ['follow', 'error', 'manual'];
const REFERRER_POLICIES = ['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
  'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'];
const NORMALIZED_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];

/** What a request has besides its URL, method, headers and body, unless told otherwise. */
const PLAIN_REQUEST = Object.freeze({
  cache: 'default', credentials: 'same-origin', integrity: '', keepalive: false, mode: 'cors', redirect: 'follow',
  referrer: 'about:client', referrerPolicy: '', verge: '',
});

/** Internals of a Request; the functions refuse other objects. */
let incomingRequest;
let isRequest;
let requestParts;

function checkMethod(method) {
  const text = byteString(method, 'Request: method');
  if (!TOKEN.test(text)) throw new TypeError(`Request: method: ${JSON.stringify(text.slice(0, 40))} is not a method`);
  const upper = text.toUpperCase();
  if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') throw new TypeError(`Request: method: ${upper} is forbidden`);
  return NORMALIZED_METHODS.includes(upper) ? upper : text;
}

/** RequestInit, its members read and converted in the order of WebIDL §3.2.17; null when none is given. */
function requestInit(value) {
  if (value === undefined || value === null) return null;
  const from = dictionary(value, 'Request: init');
  const init = {};
  let given = false;
  const take = (name, convert) => {
    const member = from[name];
    if (member === undefined) return;
    init[name] = convert(member, `Request: ${name}`);
    given = true;
  };
  take('body', (body) => body);
  take('cache', (text, what) => enumOf(text, CACHES, what));
  take('credentials', (text, what) => enumOf(text, CREDENTIALS, what));
  take('duplex', (text, what) => enumOf(text, ['half'], what));
  take('headers', (headers) => new Headers(headers));
  take('integrity', (text) => `${text}`);
  take('keepalive', Boolean);
  take('method', checkMethod);
  take('mode', (text, what) => enumOf(text, MODES, what));
  take('priority', (text, what) => enumOf(text, PRIORITIES, what));
  take('redirect', (text, what) => enumOf(text, REDIRECTS, what));
  take('referrer', scalar);
  take('referrerPolicy', (text, what) => enumOf(text, REFERRER_POLICIES, what));
  take('signal', (signal, what) => {
    if (signal !== null && !isSignal(signal)) throw new TypeError(`${what}: must be an AbortSignal`);
    return signal;
  });
  take('verge', vergeOptions);
  take('window', (window, what) => {
    if (window !== null) throw new TypeError(`${what}: must be null`);
    return window;
  });
  return given ? init : null;
}

/** The platform's own options of a request, as the host reads them. */
function vergeOptions(options) {
  const { cacheTtl, cacheTtlByStatus, cacheKey, cacheTags, cacheEverything, bypass } = dictionary(options, 'Request: verge');
  return JSON.stringify({
    cacheTtl, cacheTtlByStatus, cacheEverything, bypass,
    cacheKey: cacheKey === undefined || cacheKey === null ? undefined : `${cacheKey}`,
    cacheTags: cacheTags === undefined || cacheTags === null ? undefined : Array.from(cacheTags, String),
  });
}

function checkReferrer(text) {
  if (text === '') return '';
  const url = parseUrl(text);
  if (url === null) throw new TypeError('Request: referrer: is not a URL');
  return url.protocol === 'about:' && url.pathname === 'client' ? 'about:client' : url.href;
}

class Request {
  #url; #method; #headers; #body; #signal; #followed; #rest; #facts;
  constructor(input, options = undefined) {
    this.#method = 'GET';
    this.#body = null;
    this.#signal = null;
    this.#followed = null;
    this.#rest = PLAIN_REQUEST;
    this.#facts = null;
    if (input === UNMADE) return;
    needs(arguments.length, 1, 'Request');
    const other = isObject(input) && #url in input ? input : null;
    const url = other === null ? scalar(input) : '';
    const init = requestInit(options);
    if (other === null) this.#parse(url); else this.#copy(other);
    let inputBody = other === null ? null : other.#body;
    if (init !== null) this.#apply(init);
    this.#headers = init?.headers ?? (other === null ? new Headers() : copyHeaders(other.headers, false));
    let body = null;
    const hasBody = init !== null && init.body !== undefined && init.body !== null;
    if ((hasBody || inputBody !== null) && (this.#method === 'GET' || this.#method === 'HEAD')) {
      throw new TypeError('Request: body: a request with method GET or HEAD cannot have one');
    }
    if (hasBody) {
      const [made, type] = extractBody(init.body, 'Request: body');
      if (this.#rest.keepalive && made.kind === 'stream') throw new TypeError('Request: body: a stream cannot be sent with keepalive');
      if (type !== null && !this.#headers.has('content-type')) this.#headers.append('content-type', type);
      body = made;
      inputBody = null;
    }
    if ((body ?? inputBody)?.kind === 'stream') {
      if (hasBody && init.duplex === undefined) throw new TypeError("Request: duplex: must be 'half' when the body is a stream");
      const { mode } = this.#rest;
      if (mode !== 'same-origin' && mode !== 'cors') throw new TypeError('Request: mode: a stream needs same-origin or cors');
    }
    if (inputBody !== null) {
      if (isUnusable(inputBody)) throw new TypeError('Request: input: its body was already read, or is locked');
      body = movedBody(inputBody);
    }
    this.#body = body;
  }
  static {
    incomingRequest = (call, method, url, lines, hasBody, facts) => {
      const request = new Request(UNMADE);
      request.#url = url;
      request.#method = method;
      request.#headers = lines;
      if (facts !== '') request.#facts = { text: facts, value: undefined };
      if (hasBody) request.#body = hostBody(new HostSource(call, 0));
      return request;
    };
    isRequest = (value) => isObject(value) && #url in value;
    requestParts = (request) => ({
      url: request.#url, method: request.#method, headers: request.headers, body: request.#body,
      signal: request.#followed ?? request.#signal, rest: request.#rest,
    });
  }
  #parse(text) {
    const url = new URL(text);
    if (url.username !== '' || url.password !== '') throw new TypeError('Request: input: the URL has credentials');
    this.#url = url.href;
  }
  #copy(other) {
    this.#url = other.#url;
    this.#method = other.#method;
    this.#rest = other.#rest;
    this.#followed = other.#signal ?? other.#followed;
    this.#facts = other.#facts;
  }
  #apply(init) {
    const rest = { ...this.#rest, referrer: 'about:client', referrerPolicy: '' };
    if (init.referrer !== undefined) rest.referrer = checkReferrer(init.referrer);
    for (const name of ['referrerPolicy', 'credentials', 'cache', 'redirect', 'integrity', 'keepalive', 'verge']) {
      if (init[name] !== undefined) rest[name] = init[name];
    }
    if (init.mode === 'navigate') throw new TypeError('Request: mode: must not be navigate');
    if (init.mode !== undefined) rest.mode = init.mode;
    if (rest.cache === 'only-if-cached' && rest.mode !== 'same-origin') {
      throw new TypeError('Request: cache: only-if-cached needs mode same-origin');
    }
    if (init.method !== undefined) this.#method = init.method;
    if (init.signal !== undefined) this.#followed = init.signal;
    if (rest.mode === 'no-cors' && !['GET', 'HEAD', 'POST'].includes(this.#method)) {
      throw new TypeError('Request: mode: no-cors allows GET, HEAD and POST only');
    }
    this.#rest = rest;
  }
  get cache() { return this.#rest.cache; }
  clone() {
    if (isUnusable(this.#body)) throw new TypeError('Request.clone: the body was already read, or is locked');
    const copy = new Request(UNMADE);
    copy.#copy(this);
    copy.#headers = copyHeaders(this.headers);
    copy.#body = cloneBody(this.#body, 'Request.clone');
    return copy;
  }
  get credentials() { return this.#rest.credentials; }
  get destination() { void this.#url; return ''; }
  get duplex() { void this.#url; return 'half'; }
  get headers() {
    if (typeof this.#headers === 'string') this.#headers = headersFromLines(this.#headers, true);
    return this.#headers;
  }
  get integrity() { return this.#rest.integrity; }
  get isHistoryNavigation() { void this.#url; return false; }
  get isReloadNavigation() { void this.#url; return false; }
  get keepalive() { return this.#rest.keepalive; }
  get method() { return this.#method; }
  get mode() { return this.#rest.mode; }
  get redirect() { return this.#rest.redirect; }
  get referrer() { return this.#rest.referrer; }
  get referrerPolicy() { return this.#rest.referrerPolicy; }
  get signal() { return (this.#signal ??= dependentSignal(this.#followed === null ? [] : [this.#followed])); }
  get url() { return this.#url; }
  /** What the platform knows of the client's request; not in any standard. */
  get verge() {
    const facts = this.#facts;
    return facts === null ? undefined : (facts.value ??= Object.freeze(JSON.parse(facts.text)));
  }
  static { mixBody(Request, (request) => request.#body, (request) => request.headers); }
}
tag(Request, 'Request');
