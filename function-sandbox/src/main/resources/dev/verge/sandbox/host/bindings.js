// What stands in `env` besides text: key-value namespaces and other functions. Evaluated in contexts of functions that have some.

const { ask, fetchFrom, dictionary, needs, extractBody, scalar, tag, KV, SERVICE, ReadableStream } = shared;
const TYPES = ['text', 'json', 'arrayBuffer', 'stream'];
const MAX_VALUE = 25 << 20;
const made = Symbol('made');

function keyOf(key, operation) {
  if (typeof key !== 'string') throw new TypeError(`${operation}: the key must be a string`);
  if (key === '' || key.length > 512) throw new TypeError(`${operation}: the key must have 1 to 512 bytes`);
  return scalar(key);
}

function typeOf(options, operation) {
  const type = typeof options === 'string' ? options : dictionary(options, operation).type ?? 'text';
  if (!TYPES.includes(type)) throw new TypeError(`${operation}: type must be one of ${TYPES.join(', ')}`);
  return type;
}

const urlOf = (key) => `http://kv/value?key=${encodeURIComponent(key)}`;

function valueOf(response, type) {
  switch (type) {
    case 'json': return response.json();
    case 'arrayBuffer': return response.arrayBuffer();
    case 'stream': return response.body;
    default: return response.text();
  }
}

/** When a value ends, in seconds since 1970, as the query of a write; a minute ahead at least. */
function expiryOf({ expiration, expirationTtl }) {
  if (expiration === undefined && expirationTtl === undefined) return '';
  const now = Math.floor(Date.now() / 1000);
  const at = expirationTtl === undefined ? Number(expiration) : now + Number(expirationTtl);
  if (!Number.isSafeInteger(at) || at < now + 60) throw new TypeError('put: the value must be valid for 60 seconds or longer');
  return `&expires=${at}`;
}

class KVNamespace {
  #name;
  constructor(token, name) {
    if (token !== made) throw new TypeError('Illegal constructor');
    this.#name = name;
  }
  async get(key, options = undefined) { return (await this.#read(key, options, 'get')).value; }
  async getWithMetadata(key, options = undefined) { return this.#read(key, options, 'getWithMetadata'); }
  async #read(key, options, operation) {
    const type = typeOf(options, operation);
    const response = await ask([KV, this.#name], 'GET', urlOf(keyOf(key, operation)));
    if (response.status !== 200) return { value: null, metadata: null };
    const metadata = response.headers.get('metadata');
    return { value: await valueOf(response, type), metadata: metadata === null ? null : JSON.parse(decodeURIComponent(metadata)) };
  }
  async put(key, value, options = undefined) {
    needs(arguments.length, 2, 'put');
    const { expiration, expirationTtl, metadata } = dictionary(options, 'put: options');
    let url = urlOf(keyOf(key, 'put')) + expiryOf({ expiration, expirationTtl });
    if (metadata !== undefined && metadata !== null) {
      const text = JSON.stringify(metadata);
      if (text === undefined || text.length > 1024) throw new TypeError('put: metadata must be JSON of at most 1024 bytes');
      url += `&metadata=${encodeURIComponent(text)}`;
    }
    const plain = typeof value === 'string' || value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof ReadableStream;
    if (!plain) throw new TypeError('put: the value must be a string, an ArrayBuffer, a view or a ReadableStream');
    if ((value.byteLength ?? value.length ?? 0) > MAX_VALUE) throw new TypeError('put: the value is longer than 25 MiB');
    await ask([KV, this.#name], 'PUT', url, { body: extractBody(value, 'put')[0] });
  }
  async delete(key) { await ask([KV, this.#name], 'DELETE', urlOf(keyOf(key, 'delete'))); }
  async list(options = undefined) {
    const { prefix = '', limit = 1000, cursor = '' } = dictionary(options, 'list: options');
    const count = Number(limit);
    if (!(Number.isInteger(count) && count >= 1 && count <= 1000)) throw new TypeError('list: limit must be 1 to 1000');
    const query = `prefix=${encodeURIComponent(scalar(prefix ?? ''))}&limit=${count}&cursor=${encodeURIComponent(scalar(cursor ?? ''))}`;
    return (await ask([KV, this.#name], 'GET', `http://kv/list?${query}`)).json();
  }
}
tag(KVNamespace, 'KVNamespace');

/** Another function of the account. */
class Fetcher {
  #name;
  constructor(token, name) {
    if (token !== made) throw new TypeError('Illegal constructor');
    this.#name = name;
  }
  fetch(input, init = undefined) {
    return new Promise((resolve, reject) => {
      needs(arguments.length, 1, 'fetch');
      fetchFrom([SERVICE, this.#name], input, init, resolve, reject);
    });
  }
}
tag(Fetcher, 'Fetcher');

return { KV: (name) => new KVNamespace(made, name), SERVICE: (name) => new Fetcher(made, name) };
