// Headers (Fetch Standard §5.1).

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const listOf = Symbol('list');
const guardOf = Symbol('guard');
const headersFromLines = Symbol('from lines');

function headerName(name) {
  const text = String(name);
  if (!TOKEN.test(text)) throw new TypeError(`Headers: ${JSON.stringify(text.slice(0, 100))} is not a valid name`);
  return text.toLowerCase();
}

function headerValue(name, value) {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\n\r]/.test(text)) throw new TypeError(`Headers: the value of ${name} has a line end or a NUL`);
  if (/[^\0-\xff]/.test(text)) throw new TypeError(`Headers: the value of ${name} has characters beyond Latin-1`);
  return text;
}

class Headers {
  #list = []; #immutable = false;
  constructor(init = undefined) {
    if (init === undefined) return;
    if ((typeof init !== 'object' && typeof init !== 'function') || init === null) {
      throw new TypeError('Headers: the initial value must be an object');
    }
    if (init instanceof Headers) {
      this.#list = init.#list.map((pair) => [...pair]);
    } else if (init[Symbol.iterator] !== undefined && init[Symbol.iterator] !== null) {
      for (const pair of init) {
        const both = [...pair];
        if (both.length !== 2) throw new TypeError('Headers: each pair must have a name and a value');
        this.append(both[0], both[1]);
      }
    } else {
      for (const name of Reflect.ownKeys(init)) {
        if (Object.getOwnPropertyDescriptor(init, name)?.enumerable) this.append(name, init[name]);
      }
    }
  }
  static [headersFromLines](lines, immutable) {
    const headers = new Headers();
    if (lines !== '') {
      const parts = lines.split('\n');
      for (let i = 0; i + 1 < parts.length; i += 2) headers.#list.push([parts[i].toLowerCase(), parts[i + 1]]);
    }
    headers.#immutable = immutable;
    return headers;
  }
  get [listOf]() { return this.#list; }
  set [guardOf](immutable) { this.#immutable = immutable; }
  #guard() { if (this.#immutable) throw new TypeError('Headers: these are immutable'); }
  append(name, value) {
    name = headerName(name); value = headerValue(name, value);
    this.#guard();
    this.#list.push([name, value]);
  }
  delete(name) {
    name = headerName(name);
    this.#guard();
    this.#list = this.#list.filter((pair) => pair[0] !== name);
  }
  get(name) {
    name = headerName(name);
    let found = null;
    for (const pair of this.#list) if (pair[0] === name) found = found === null ? pair[1] : found + ', ' + pair[1];
    return found;
  }
  getSetCookie() { return this.#list.filter((pair) => pair[0] === 'set-cookie').map((pair) => pair[1]); }
  has(name) { name = headerName(name); return this.#list.some((pair) => pair[0] === name); }
  set(name, value) {
    name = headerName(name); value = headerValue(name, value);
    this.#guard();
    const first = this.#list.findIndex((pair) => pair[0] === name);
    if (first < 0) this.#list.push([name, value]);
    else this.#list = this.#list.filter((pair, index) => index === first || pair[0] !== name)
      .map((pair) => (pair[0] === name ? [name, value] : pair));
  }
  #sorted() {
    const names = [...new Set(this.#list.map((pair) => pair[0]))].sort();
    return names.flatMap((name) => (name === 'set-cookie'
      ? this.getSetCookie().map((value) => [name, value])
      : [[name, this.get(name)]]));
  }
  forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
  *entries() {
    // A change during iteration shows, as the standard wants: the list is sorted anew for each step.
    for (let i = 0, sorted; i < (sorted = this.#sorted()).length; i++) yield sorted[i];
  }
  *keys() { for (const pair of this.entries()) yield pair[0]; }
  *values() { for (const pair of this.entries()) yield pair[1]; }
  [Symbol.iterator]() { return this.entries(); }
}
tag(Headers, 'Headers');

function headerLines(headers) {
  let lines = '';
  for (const pair of headers[listOf]) lines += (lines === '' ? '' : '\n') + pair[0] + '\n' + pair[1];
  return lines;
}
