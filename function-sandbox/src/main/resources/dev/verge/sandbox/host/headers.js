// Headers (Fetch Standard §5.1). Names are kept in lower case; those of a message that arrived are parsed when first looked at.

/** Codings of content that the host takes off when a script reads a body (Fetch Standard, "handle content codings"). */
const DECODED = ['gzip', 'x-gzip', 'deflate'];

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const BAD_VALUE = /[\0\n\r]/;
const EDGE_SPACE = /^[\t\n\r ]+|[\t\n\r ]+$/g;

/** Internals of a Headers object; the functions refuse other objects. */
let headersFromLines;
let headerLines;
let copyHeaders;
let fillHeaders;
let makeImmutable;
let headersAt;
let sentLines;

/** Names that were looked at, in lower case: most are met again and again. */
const knownNames = new Map();
const MAX_KNOWN_NAMES = 200;

function headerName(name, operation) {
  const known = typeof name === 'string' ? knownNames.get(name) : undefined;
  return known === undefined ? checkedName(name, operation) : known;
}

function checkedName(name, operation) {
  const text = byteString(name, `${operation}: the name`);
  if (!TOKEN.test(text)) throw new TypeError(`${operation}: ${JSON.stringify(text.slice(0, 100))} is not a valid name`);
  const lower = text.toLowerCase();
  if (knownNames.size < MAX_KNOWN_NAMES && text.length <= 64) knownNames.set(text, lower);
  return lower;
}

/** A value that is as it has to be: no space at its ends, nothing but printable ASCII. */
const PLAIN_VALUE = /^[!-~](?:[ -~]*[!-~])?$/;

function headerValue(value, operation) {
  if (typeof value === 'string' && PLAIN_VALUE.test(value)) return value;
  const text = byteString(value, `${operation}: the value`);
  const trimmed = text.charCodeAt(0) <= 32 || text.charCodeAt(text.length - 1) <= 32 ? text.replace(EDGE_SPACE, '') : text;
  if (BAD_VALUE.test(trimmed)) throw new TypeError(`${operation}: the value has a line end or a NUL`);
  return trimmed;
}

class Headers {
  // The list is flat: names at even places, each followed by its value; null while only the lines are known.
  // `coding` is that of the body these came with, as long as nobody has changed what they say of it.
  // Not initialised one by one: each would be a function of its own to the engine.
  #list; #lines; #immutable; #sorted; #coding;
  constructor(init = undefined) {
    this.#list = [];
    this.#lines = '';
    this.#immutable = false;
    this.#sorted = null;
    this.#coding = '';
    if (init !== undefined) this.#fill(init);
  }
  static {
    headersFromLines = (lines, immutable, coding = '') => {
      const headers = new Headers();
      headers.#coding = coding;
      headers.#lines = lines;
      headers.#list = null;
      headers.#immutable = immutable;
      return headers;
    };
    headerLines = (headers) => (headers.#list === null ? headers.#lines : headers.#list.join('\n'));
    copyHeaders = (headers, immutable = headers.#immutable) => {
      const copy = new Headers();
      copy.#lines = headers.#lines;
      copy.#list = headers.#list === null ? null : headers.#list.slice();
      copy.#immutable = immutable;
      copy.#coding = headers.#coding;
      return copy;
    };
    // What is sent of headers with a body. Bytes that nobody read stay as they arrived, with their coding; what was decoded is sent so.
    sentLines = (headers, body) => {
      const source = body === null ? null : untouchedSource(body);
      if (source !== null && source.coding !== '') source.coded = headers.#get('content-encoding')?.toLowerCase() === source.coding;
      if (headers.#coding === '' || body === null || source?.coded) return headerLines(headers);
      const list = headers.#all();
      const left = [];
      for (let i = 0; i < list.length; i += 2) {
        if (list[i] !== 'content-encoding' && list[i] !== 'content-length') left.push(list[i], list[i + 1]);
      }
      return left.join('\n');
    };
    fillHeaders = (headers, init) => headers.#fill(init);
    makeImmutable = (headers) => { headers.#immutable = true; };
    headersAt = (headers, index) => (headers.#sorted ??= headers.#sort())[index];
  }
  #fill(init) {
    if (!isObject(init)) throw new TypeError('Headers: the initial value must be an object');
    if (#list in init && init[Symbol.iterator] === HEADERS_ITERATOR) {
      this.#coding = init.#coding;
      if (init.#list === null && this.#list?.length === 0) { this.#lines = init.#lines; this.#list = null; return; }
      this.#all().push(...init.#all());
      return;
    }
    const pairs = pairsOf(init, (text) => byteString(text, 'Headers: the initial value'), 'Headers');
    for (let i = 0; i < pairs.length; i += 2) {
      this.#add(headerName(pairs[i], 'Headers'), headerValue(pairs[i + 1], 'Headers'));
    }
  }
  #all() {
    if (this.#list !== null) return this.#list;
    const list = this.#lines === '' ? [] : this.#lines.split('\n');
    for (let i = 0; i < list.length; i += 2) list[i] = list[i].toLowerCase();
    return (this.#list = list);
  }
  #add(name, value) { this.#all().push(name, value); this.#sorted = null; }
  #change() {
    const list = this.#all();
    if (this.#immutable) throw new TypeError('Headers: these are immutable');
    this.#sorted = null;
    return list;
  }
  #get(name) {
    const list = this.#all();
    let found = null;
    for (let i = 0; i < list.length; i += 2) {
      if (list[i] === name) found = found === null ? list[i + 1] : found + ', ' + list[i + 1];
    }
    return found;
  }
  #sort() {
    const list = this.#all();
    const byName = new Map();
    for (let i = 0; i < list.length; i += 2) {
      const values = byName.get(list[i]);
      if (values === undefined) byName.set(list[i], [list[i + 1]]); else values.push(list[i + 1]);
    }
    const sorted = [];
    for (const name of [...byName.keys()].sort()) {
      const values = byName.get(name);
      if (name === 'set-cookie') for (const value of values) sorted.push([name, value]);
      else sorted.push([name, values.join(', ')]);
    }
    return sorted;
  }
  append(name, value) {
    needs(arguments.length, 2, 'Headers.append');
    name = headerName(name, 'Headers.append');
    value = headerValue(value, 'Headers.append');
    if (name === 'content-encoding') this.#coding = '';
    this.#change().push(name, value);
  }
  delete(name) {
    needs(arguments.length, 1, 'Headers.delete');
    name = headerName(name, 'Headers.delete');
    const list = this.#change();
    if (name === 'content-encoding') this.#coding = '';
    for (let i = list.length - 2; i >= 0; i -= 2) if (list[i] === name) list.splice(i, 2);
  }
  get(name) {
    needs(arguments.length, 1, 'Headers.get');
    return this.#get(headerName(name, 'Headers.get'));
  }
  getSetCookie() {
    const list = this.#all();
    return list.filter((value, index) => index % 2 === 1 && list[index - 1] === 'set-cookie');
  }
  has(name) {
    needs(arguments.length, 1, 'Headers.has');
    return this.#get(headerName(name, 'Headers.has')) !== null;
  }
  set(name, value) {
    needs(arguments.length, 2, 'Headers.set');
    name = headerName(name, 'Headers.set');
    value = headerValue(value, 'Headers.set');
    const list = this.#change();
    if (name === 'content-encoding') this.#coding = '';
    let first = -1;
    for (let i = list.length - 2; i >= 0; i -= 2) {
      if (list[i] !== name) continue;
      if (first >= 0) list.splice(first, 2);
      first = i;
    }
    if (first < 0) list.push(name, value); else list[first + 1] = value;
  }
}
/** The coding of content that lines tell of, when it is one that is decoded; else ''. */
function codingOf(lines) {
  if (!/content-encoding\n/i.test(lines)) return '';
  const list = lines.split('\n');
  let coding = '';
  for (let i = 0; i < list.length; i += 2) {
    if (list[i].toLowerCase() === 'content-encoding') coding = coding === '' ? list[i + 1].toLowerCase() : 'several';
  }
  return DECODED.includes(coding) ? coding : '';
}
iterable(Headers, 'Headers', headersAt);
const HEADERS_ITERATOR = Headers.prototype[Symbol.iterator];
tag(Headers, 'Headers');
