// Headers (Fetch Standard §5.1). Names are kept in lower case; those of a message that arrived are parsed when first looked at.

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

function headerName(name, operation) {
  const text = byteString(name, `${operation}: the name`);
  if (!TOKEN.test(text)) throw new TypeError(`${operation}: ${JSON.stringify(text.slice(0, 100))} is not a valid name`);
  return text.toLowerCase();
}

function headerValue(value, operation) {
  const text = byteString(value, `${operation}: the value`);
  const trimmed = text.charCodeAt(0) <= 32 || text.charCodeAt(text.length - 1) <= 32 ? text.replace(EDGE_SPACE, '') : text;
  if (BAD_VALUE.test(trimmed)) throw new TypeError(`${operation}: the value has a line end or a NUL`);
  return trimmed;
}

class Headers {
  // The list is flat: names at even places, each followed by its value; null while only the lines are known.
  #list = []; #lines = ''; #immutable = false; #sorted = null;
  constructor(init = undefined) { if (init !== undefined) this.#fill(init); }
  static {
    headersFromLines = (lines, immutable) => {
      const headers = new Headers();
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
      return copy;
    };
    fillHeaders = (headers, init) => headers.#fill(init);
    makeImmutable = (headers) => { headers.#immutable = true; };
    headersAt = (headers, index) => (headers.#sorted ??= headers.#sort())[index];
  }
  #fill(init) {
    if (!isObject(init)) throw new TypeError('Headers: the initial value must be an object');
    if (#list in init && init[Symbol.iterator] === HEADERS_ITERATOR) {
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
    this.#change().push(name, value);
  }
  delete(name) {
    needs(arguments.length, 1, 'Headers.delete');
    name = headerName(name, 'Headers.delete');
    const list = this.#change();
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
    let first = -1;
    for (let i = list.length - 2; i >= 0; i -= 2) {
      if (list[i] !== name) continue;
      if (first >= 0) list.splice(first, 2);
      first = i;
    }
    if (first < 0) list.push(name, value); else list[first + 1] = value;
  }
}
iterable(Headers, 'Headers', headersAt);
const HEADERS_ITERATOR = Headers.prototype[Symbol.iterator];
tag(Headers, 'Headers');
