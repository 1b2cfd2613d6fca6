// Response (Fetch Standard §5.5).

const NULL_BODY = [101, 103, 204, 205, 304];
const REDIRECT_STATUS = [301, 302, 303, 307, 308];
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Internals of a Response; the functions refuse other objects. */
let arrivedResponse;
let isResponse;
let responseBody;

/** ResponseInit, its members read and converted in the order of WebIDL §3.2.17. */
function responseInit(value) {
  const init = dictionary(value, 'Response: init');
  const { headers } = init;
  const made = headers === undefined ? new Headers() : new Headers(headers);
  const { status } = init;
  const number = status === undefined ? 200 : unsignedShort(status);
  const { statusText } = init;
  return { headers: made, status: number, statusText: statusText === undefined ? '' : byteString(statusText, 'Response: statusText') };
}

class Response {
  #status; #statusText; #headers; #body; #url; #redirected; #type; #coding;
  constructor(body = null, init = undefined) {
    this.#status = 200;
    this.#statusText = '';
    this.#headers = null;
    this.#body = null;
    this.#url = '';
    this.#redirected = false;
    this.#type = 'default';
    this.#coding = '';
    if (body === UNMADE) return;
    // A body that is no platform object is text, and becomes it before the other members are read.
    const given = isObject(body) || body === null ? body : scalar(body);
    this.#start(init, () => extractBody(given, 'Response: body'));
  }
  static {
    arrivedResponse = (status, url, redirected, lines, body, statusText = '', coding = '') => {
      const response = new Response(UNMADE);
      response.#status = status;
      response.#url = withoutFragment(url);
      response.#redirected = redirected;
      response.#headers = lines;
      response.#type = 'basic';
      response.#statusText = statusText;
      response.#body = body;
      response.#coding = coding;
      return response;
    };
    isResponse = (value) => isObject(value) && #status in value;
    responseBody = (response) => response.#body;
  }
  #start(options, extract) {
    if (options === undefined || options === null) {
      this.#headers = new Headers();
    } else {
      const init = responseInit(options);
      if (init.status < 200 || init.status > 599) throw new RangeError('Response: status: must be between 200 and 599');
      if (!REASON.test(init.statusText)) throw new TypeError('Response: statusText: has characters that HTTP does not allow');
      this.#status = init.status;
      this.#statusText = init.statusText;
      this.#headers = init.headers;
    }
    const [body, type] = extract();
    if (body === null) return;
    if (NULL_BODY.includes(this.#status)) throw new TypeError(`Response: body: a response with status ${this.#status} has none`);
    this.#body = body;
    if (type !== null && !this.#headers.has('content-type')) this.#headers.append('content-type', type);
  }
  static error() {
    const response = new Response(UNMADE);
    response.#headers = new Headers();
    response.#status = 0;
    response.#type = 'error';
    makeImmutable(response.#headers);
    return response;
  }
  static json(data, init = undefined) {
    needs(arguments.length, 1, 'Response.json');
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Response.json: data: cannot be written as JSON');
    const response = new Response(UNMADE);
    response.#start(init, () => [textBody(text), 'application/json']);
    return response;
  }
  static redirect(url, status = 302) {
    needs(arguments.length, 1, 'Response.redirect');
    const text = scalar(url);
    const number = unsignedShort(status);
    const target = parseUrl(text);
    if (target === null) throw new TypeError(`Response.redirect: url: ${JSON.stringify(text.slice(0, 100))} is not an absolute URL`);
    if (!REDIRECT_STATUS.includes(number)) throw new RangeError('Response.redirect: status: must be 301, 302, 303, 307 or 308');
    const response = new Response(UNMADE);
    response.#status = number;
    response.#headers = new Headers([['location', target.href]]);
    makeImmutable(response.#headers);
    return response;
  }
  clone() {
    if (isUnusable(this.#body)) throw new TypeError('Response.clone: the body was already read, or is locked');
    const copy = new Response(UNMADE);
    copy.#status = this.#status;
    copy.#statusText = this.#statusText;
    copy.#headers = copyHeaders(this.headers);
    copy.#url = this.#url;
    copy.#redirected = this.#redirected;
    copy.#type = this.#type;
    copy.#body = cloneBody(this.#body, 'Response.clone');
    return copy;
  }
  get headers() {
    if (typeof this.#headers === 'string') this.#headers = headersFromLines(this.#headers, true, this.#coding);
    return this.#headers;
  }
  get ok() { return this.#status >= 200 && this.#status <= 299; }
  get redirected() { return this.#redirected; }
  get status() { return this.#status; }
  get statusText() { return this.#statusText; }
  get type() { return this.#type; }
  get url() { return this.#url; }
  static { mixBody(Response, (response) => response.#body, (response) => response.headers); }
}
tag(Response, 'Response');
