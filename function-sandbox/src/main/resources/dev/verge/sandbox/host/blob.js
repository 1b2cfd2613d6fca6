// Blob and File (File API §3, §4), MIME types (MIME Sniffing Standard §4), and what data: URLs hold (Fetch Standard §6). Loaded when used.

const {
  tag, needs, dictionary, isObject, enumOf, sequenceOf, scalar, viewOf, copyOf, ownCopy, utf8, decoder, bytesBody, bodyKinds, headersAt,
  arrivedResponse, streamOfChunks, endStream, atob,
} = shared;

const CHUNK_BYTES = 65536;
const UNMADE_BLOB = {};
let bytesOf;
let isBlob;
let blobOf;
let isFile;

/** BlobPropertyBag, its members read in the order of WebIDL. */
function blobOptions(value, what) {
  const options = dictionary(value, `${what}: options`);
  const { endings } = options;
  const native = endings !== undefined && enumOf(endings, ['transparent', 'native'], `${what}: endings`) === 'native';
  const { type } = options;
  return { native, type: type === undefined ? '' : cleanType(`${type}`) };
}

function cleanType(type) { return /^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : ''; }

function concat(pieces) {
  if (pieces.length === 1) return pieces[0];
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) { all.set(piece, at); at += piece.length; }
  return all;
}

/** WebIDL's [Clamp] long long. */
function clamp(value) {
  const number = Math.min(Math.max(Number(value), -Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  const low = Math.floor(number);
  const tie = number - low === 0.5;
  return (tie ? low + (low % 2 === 0 ? 0 : 1) : Math.round(number)) || 0;
}

class Blob {
  #bytes; #type;
  constructor(blobParts = undefined, options = undefined) {
    if (blobParts === UNMADE_BLOB) {
      this.#bytes = options.bytes;
      this.#type = options.type;
      return;
    }
    const parts = blobParts === undefined ? [] : blobSequence(blobParts, 'Blob');
    const { native, type } = blobOptions(options, 'Blob');
    this.#bytes = joined(parts, native);
    this.#type = type;
  }
  static {
    bytesOf = (blob) => blob.#bytes;
    isBlob = (value) => isObject(value) && #bytes in value;
    blobOf = (bytes, type) => new Blob(UNMADE_BLOB, { bytes, type });
  }
  get size() { return this.#bytes.length; }
  get type() { return this.#type; }
  async arrayBuffer() { return ownCopy(this.#bytes).buffer; }
  async bytes() { return ownCopy(this.#bytes); }
  slice(start = undefined, end = undefined, contentType = undefined) {
    const size = this.#bytes.length;
    const place = (value, otherwise) => {
      const at = value === undefined ? otherwise : clamp(value);
      return at < 0 ? Math.max(size + at, 0) : Math.min(at, size);
    };
    const from = place(start, 0);
    const to = place(end, size);
    return blobOf(this.#bytes.subarray(from, Math.max(from, to)), contentType === undefined ? '' : cleanType(`${contentType}`));
  }
  stream() {
    const bytes = this.#bytes;
    let at = 0;
    return streamOfChunks({
      pull(control) {
        if (at < bytes.length) {
          control.enqueue(ownCopy(bytes.subarray(at, at + CHUNK_BYTES)));
          at += CHUNK_BYTES;
          return;
        }
        endStream(control);
      },
    });
  }
  async text() { return decoder.decode(this.#bytes); }
}
tag(Blob, 'Blob');

function blobSequence(parts, what) {
  if (!isObject(parts)) throw new TypeError(`${what}: the parts must be a sequence`);
  const method = parts[Symbol.iterator];
  return sequenceOf(parts, method, (piece) => (isBlob(piece) ? piece : viewOf(piece) ? piece : scalar(piece)), `${what}: the parts`);
}

function joined(parts, native) {
  return concat(parts.map((piece) => {
    if (typeof piece === 'string') return utf8(native ? piece.replace(/\r\n?|\n/g, '\n') : piece);
    return isBlob(piece) ? bytesOf(piece) : ownCopy(viewOf(piece));
  }));
}

class File extends Blob {
  #name; #lastModified;
  constructor(fileBits, fileName, options = undefined) {
    needs(arguments.length, 2, 'File');
    if (fileBits === UNMADE_BLOB) {
      super(fileBits, options);
      this.#name = fileName;
      this.#lastModified = options.lastModified;
      return;
    }
    const parts = blobSequence(fileBits, 'File');
    const name = scalar(fileName);
    const { native, type } = blobOptions(options, 'File');
    const lastModified = options?.lastModified;
    super(UNMADE_BLOB, { bytes: joined(parts, native), type });
    this.#name = name;
    this.#lastModified = lastModified === undefined ? Math.floor(host.now()) : Math.trunc(Number(lastModified)) || 0;
  }
  static { isFile = (value) => isObject(value) && #name in value; }
  get name() { return this.#name; }
  get lastModified() { return this.#lastModified; }
}
tag(File, 'File');

/** A file of bytes that do not change any more. */
function fileOf(bytes, name, type, lastModified = Math.floor(host.now())) {
  return new File(UNMADE_BLOB, name, { bytes, type, lastModified });
}

bodyKinds.push((value) => {
  if (!isBlob(value)) return null;
  const body = bytesBody(bytesOf(value));
  body.shared = true;
  return [body, value.type === '' ? null : value.type];
});

// --- MIME types ---

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const QUOTABLE = /^[\t\x20-\x7e\x80-\xff]*$/;
const trimmed = (text) => text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');

/** Reads a quoted string from its opening quote: the value and the place behind it. */
function quoted(text, at) {
  let value = '';
  for (at++; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\' && at + 1 < text.length) at++;
    value += text[at];
  }
  return [value, at + 1];
}

/** A MIME type {essence, parameters}, or null (MIME Sniffing Standard §4.4). */
function parseMime(input) {
  const text = trimmed(input);
  const end = text.indexOf(';');
  const [type, subtype] = splitOnce(end < 0 ? text : text.slice(0, end), '/');
  const name = subtype?.replace(/[\t\n\r ]+$/, '');
  if (subtype === null || !TOKEN.test(type) || !TOKEN.test(name)) return null;
  const mime = { essence: `${type}/${name}`.toLowerCase(), parameters: new Map() };
  let at = end < 0 ? text.length : end;
  while (at < text.length) {
    at++;
    while (/[\t\n\r ]/.test(text[at] ?? '')) at++;
    let stop = at;
    while (stop < text.length && text[stop] !== ';' && text[stop] !== '=') stop++;
    const name = text.slice(at, stop).toLowerCase();
    at = stop;
    if (text[at] !== '=') continue;
    at++;
    let value;
    if (text[at] === '"') {
      [value, at] = quoted(text, at);
      while (at < text.length && text[at] !== ';') at++;
    } else {
      stop = text.indexOf(';', at);
      if (stop < 0) stop = text.length;
      value = text.slice(at, stop).replace(/[\t\n\r ]+$/, '');
      at = stop;
      if (value === '') continue;
    }
    if (TOKEN.test(name) && QUOTABLE.test(value) && !mime.parameters.has(name)) mime.parameters.set(name, value);
  }
  return mime;
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function mimeText({ essence, parameters }) {
  let text = essence;
  for (const [name, value] of parameters) {
    text += `;${name}=${TOKEN.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
  }
  return text;
}

/** The MIME type of a message with these headers, or null (Fetch Standard §2.2.2, "extract a MIME type"). */
function mimeType(headers) {
  let content = null;
  for (let i = 0, pair; (pair = headersAt(headers, i)) !== undefined; i++) if (pair[0] === 'content-type') content = pair[1];
  if (content === null) return null;
  let found = null;
  let charset = null;
  let start = 0;
  for (let at = 0; at <= content.length; at++) {
    if (content[at] === '"') at = quoted(content, at)[1] - 1;
    if (at < content.length && content[at] !== ',') continue;
    const mime = parseMime(content.slice(start, at));
    start = at + 1;
    if (mime === null || mime.essence === '*/*') continue;
    if (found === null || mime.essence !== found.essence) charset = mime.parameters.get('charset') ?? null;
    else if (!mime.parameters.has('charset') && charset !== null) mime.parameters.set('charset', charset);
    found = mime;
  }
  return found;
}

function contentType(headers) {
  const mime = mimeType(headers);
  return mime === null ? '' : mimeText(mime);
}

// --- data: URLs ---

/** The response to a request for a data: URL (Fetch Standard §6). */
function dataResponse(url, method) {
  const hash = url.indexOf('#');
  const [head, data] = splitOnce(url.slice(5, hash < 0 ? undefined : hash), ',');
  if (data === null) throw new TypeError('fetch: the data: URL has no comma');
  let type = head.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '');
  let text = data.replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
  const base64 = /; *base64$/i.exec(type);
  if (base64 !== null) {
    try { text = atob(text); } catch { throw new TypeError('fetch: the data: URL is not in base64'); }
    type = type.slice(0, base64.index);
  }
  const mime = parseMime(type.startsWith(';') ? 'text/plain' + type : type);
  const content = mime === null ? 'text/plain;charset=US-ASCII' : mimeText(mime);
  return arrivedResponse(200, url, false, `content-type\n${content}`, method === 'HEAD' ? null : bytesBody(copyOf(host.latin1Bytes(text))), 'OK');
}

// --- blob: URLs (File API §8) ---

/** Objects by their URLs, for as long as the context lives; the oldest makes room. */
const objectUrls = new Map();
const MAX_OBJECT_URLS = 1000;

function createObjectURL(object) {
  if (!isBlob(object)) throw new TypeError('URL.createObjectURL: a Blob is needed');
  if (objectUrls.size >= MAX_OBJECT_URLS) objectUrls.delete(objectUrls.keys().next().value);
  const url = `blob:null/${host.uuid()}`;
  objectUrls.set(url, object);
  return url;
}

function revokeObjectURL(url) { objectUrls.delete(url); }

/** The response to a request for a blob: URL (Fetch Standard §4.2). */
function blobResponse(url, method) {
  const blob = objectUrls.get(url);
  if (blob === undefined || method !== 'GET') throw new TypeError('fetch: there is nothing to get at the blob: URL');
  const lines = `content-length\n${blob.size}\ncontent-type\n${blob.type}`;
  const body = bytesBody(bytesOf(blob));
  body.shared = true;
  return arrivedResponse(200, url, false, lines, body, 'OK');
}

shared.platformKinds.push({
  is: isBlob,
  clone: (blob) => {
    const bytes = bytesOf(blob);
    const { type, name, lastModified } = blob;
    return () => (name === undefined ? blobOf(bytes, type) : fileOf(bytes, name, type, lastModified));
  },
});

return { Blob, File, isBlob, isFile, bytesOf, blobOf, fileOf, concat, mimeType, contentType, parseMime, dataResponse, blobResponse, createObjectURL, revokeObjectURL };
