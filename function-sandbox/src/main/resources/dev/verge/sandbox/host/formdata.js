// FormData (XMLHttpRequest Standard §5), multipart/form-data (RFC 7578, and how the HTML and Fetch Standards write and read it). Loaded
// when used.

const {
  tag, needs, iterable, scalar, copyOf, utf8, bytesBody, bodyKinds, parseForm, part,
} = shared;
const { isBlob, isFile, bytesOf, fileOf, concat } = part('blob');

let entriesOf;
let formOf;

/** An entry's value (XMLHttpRequest Standard, "create an entry"). */
function entryValue(count, value, filename, operation) {
  if (isBlob(value)) {
    if (count < 3 && isFile(value)) return value;
    return fileOf(bytesOf(value), count < 3 ? 'blob' : scalar(filename), value.type, isFile(value) ? value.lastModified : undefined);
  }
  if (count > 2) throw new TypeError(`${operation}: value: must be a Blob when there is a file name`);
  return scalar(value);
}

class FormData {
  #list = [];
  constructor(form = undefined) {
    if (form !== undefined) throw new TypeError('FormData: form: there are no form elements');
  }
  static {
    entriesOf = (form) => form.#list;
    formOf = (list) => { const form = new FormData(); form.#list = list; return form; };
  }
  append(name, value, filename = undefined) {
    needs(arguments.length, 2, 'FormData.append');
    name = scalar(name);
    this.#list.push([name, entryValue(filename === undefined ? 2 : arguments.length, value, filename, 'FormData.append')]);
  }
  delete(name) {
    needs(arguments.length, 1, 'FormData.delete');
    name = scalar(name);
    this.#list = this.#list.filter((pair) => pair[0] !== name);
  }
  get(name) {
    needs(arguments.length, 1, 'FormData.get');
    name = scalar(name);
    return this.#list.find((pair) => pair[0] === name)?.[1] ?? null;
  }
  getAll(name) {
    needs(arguments.length, 1, 'FormData.getAll');
    name = scalar(name);
    return this.#list.filter((pair) => pair[0] === name).map((pair) => pair[1]);
  }
  has(name) {
    needs(arguments.length, 1, 'FormData.has');
    name = scalar(name);
    return this.#list.some((pair) => pair[0] === name);
  }
  set(name, value, filename = undefined) {
    needs(arguments.length, 2, 'FormData.set');
    name = scalar(name);
    const entry = [name, entryValue(filename === undefined ? 2 : arguments.length, value, filename, 'FormData.set')];
    const first = this.#list.findIndex((pair) => pair[0] === name);
    if (first < 0) this.#list.push(entry);
    else this.#list = this.#list.filter((pair, index) => index <= first || pair[0] !== name).with(first, entry);
  }
}
iterable(FormData, 'FormData', (form, index) => entriesOf(form)[index]);
tag(FormData, 'FormData');

// --- writing ---

const crlf = (text) => text.replace(/\r\n?|\n/g, '\r\n');
const escaped = (text) => text.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');

/** The body and its type (HTML Standard §4.10.22.7). The boundary is random, so that no value can hold it. */
function encode(list) {
  const boundary = '----VergeFormBoundary' + Array.from(copyOf(host.random(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const pieces = [];
  for (const [name, value] of list) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(crlf(name))}"`;
    if (typeof value === 'string') {
      pieces.push(utf8(`${head}\r\n\r\n${crlf(value)}\r\n`));
    } else {
      const type = value.type === '' ? 'application/octet-stream' : value.type;
      pieces.push(utf8(`${head}; filename="${escaped(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`), bytesOf(value), utf8('\r\n'));
    }
  }
  pieces.push(utf8(`--${boundary}--\r\n`));
  return [bytesBody(concat(pieces)), `multipart/form-data; boundary=${boundary}`];
}

bodyKinds.push((value) => (value instanceof FormData ? encode(entriesOf(value)) : null));

// --- reading ---

const PARAMETER = /;[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*=[ \t]*(?:"([^"]*)"|([^;" \t]*))[ \t]*/y;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*:[ \t]*(.*?)[ \t]*$/s;

/** UTF-8 in which a mark at the start is text like any other. */
function textOf(bytes) { return host.text(bytes.buffer, bytes.byteOffset, bytes.byteLength); }

/** Text that came as one character a byte. */
function fromUtf8(text) { return /[^\0-\x7f]/.test(text) ? textOf(copyOf(host.latin1Bytes(text))) : text; }

function unescaped(text) { return fromUtf8(text).replace(/%0A/gi, '\n').replace(/%0D/gi, '\r').replace(/%22/g, '"'); }

function broken(why) { return new TypeError(`formData: the body is not multipart/form-data: ${why}`); }

/** The header fields of a part: its name, file name and type. */
function partHeaders(lines) {
  const found = { name: null, filename: null, type: null };
  for (const line of lines === '' ? [] : lines.split('\r\n')) {
    const field = FIELD.exec(line);
    if (field === null) throw broken('a header field has no colon');
    const key = field[1].toLowerCase();
    if (key === 'content-type') found.type = field[2];
    if (key !== 'content-disposition') continue;
    if (!/^form-data[ \t]*(?=;|$)/i.test(field[2])) throw broken('a part is no form-data');
    PARAMETER.lastIndex = field[2].search(/;|$/);
    for (let parameter; (parameter = PARAMETER.exec(field[2])) !== null;) {
      const value = unescaped(parameter[2] ?? parameter[3]);
      const which = parameter[1].toLowerCase();
      if (which === 'name' || which === 'filename') found[which] = value;
    }
  }
  if (found.name === null) throw broken('a part has no name');
  return found;
}

/** The entries of a multipart body (Fetch Standard, "multipart/form-data parser"). */
function decode(bytes, boundary) {
  // One character a byte: what looks for boundaries in text is the engine's own.
  const text = host.latin1(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const delimiter = '--' + boundary;
  const list = [];
  let at = 0;
  while (text.startsWith('\r\n', at)) at += 2;
  for (;;) {
    if (!text.startsWith(delimiter, at)) throw broken('a boundary is missing');
    at += delimiter.length;
    if (text.startsWith('--', at)) return list;
    if (!text.startsWith('\r\n', at)) throw broken('a boundary is followed by something else');
    const head = text.startsWith('\r\n', at + 2) ? at : text.indexOf('\r\n\r\n', at + 2);
    if (head < 0) throw broken('a part has no end of its header');
    const { name, filename, type } = partHeaders(text.slice(at + 2, Math.max(head, at + 2)));
    const start = head + 4;
    const end = text.indexOf('\r\n' + delimiter, start);
    if (end < 0) throw broken('a part has no end');
    const content = bytes.subarray(start, end);
    list.push([name, filename === null ? textOf(content) : fileOf(content, filename, (type ?? 'text/plain').toLowerCase())]);
    at = end + 2;
  }
}

/** The form in a body of this MIME type. */
function parse(bytes, mime) {
  switch (mime?.essence) {
    case 'multipart/form-data': {
      const boundary = mime.parameters.get('boundary');
      if (boundary === undefined) throw broken('the Content-Type has no boundary');
      return formOf(decode(bytes, boundary));
    }
    case 'application/x-www-form-urlencoded': return formOf(parseForm(textOf(bytes)));
    default: throw new TypeError('formData: the Content-Type is neither multipart/form-data nor application/x-www-form-urlencoded');
  }
}

return { FormData, parse };
