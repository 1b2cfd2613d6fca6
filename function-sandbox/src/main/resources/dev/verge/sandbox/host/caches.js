// Cache and CacheStorage (Service Workers §5.4, §5.5) on the node's cache. What a cache cannot tell there is refused: keys, and which caches there are.

const { ask, dictionary, needs, requestParts, isRequest, isResponse, responseBody, isUnusable, headerLines, sentLines, withoutFragment, scalar, tag, CACHE, Request, DOMException, fetch } = shared;
const made = Symbol('made');

function partsOf(input, operation) {
  const request = requestParts(isRequest(input) ? input : new Request(input));
  if (!/^https?:/.test(request.url)) throw new TypeError(`${operation}: the URL must be http or https`);
  return { ...request, url: withoutFragment(request.url) };
}

class Cache {
  #name;
  constructor(token, name) {
    if (token !== made) throw new TypeError('Illegal constructor');
    this.#name = name;
  }
  async match(request, options = undefined) {
    needs(arguments.length, 1, 'match');
    const { ignoreMethod = false } = dictionary(options, 'match: options');
    const { url, method, headers } = partsOf(request, 'match');
    if (method !== 'GET' && !(method === 'HEAD') && !ignoreMethod) return undefined;
    const found = await ask([CACHE, this.#name], 'GET', url, { lines: headerLines(headers) });
    return found.url === '' ? undefined : found;
  }
  async matchAll(request, options = undefined) {
    needs(arguments.length, 1, 'matchAll');
    const found = await this.match(request, options);
    return found === undefined ? [] : [found];
  }
  async put(request, response) {
    needs(arguments.length, 2, 'put');
    const { url, method, headers } = partsOf(request, 'put');
    if (method !== 'GET') throw new TypeError('put: the request must have method GET');
    if (!isResponse(response)) throw new TypeError('put: the second argument must be a Response');
    const body = responseBody(response);
    if (response.status === 206) throw new TypeError('put: a part of a response (206) cannot be stored');
    if (response.headers.get('vary')?.split(',').some((field) => field.trim() === '*')) throw new TypeError('put: Vary is *');
    if (isUnusable(body)) throw new TypeError('put: the body was already read, or is locked');
    const options = JSON.stringify({ status: response.status, lines: sentLines(response.headers, body) });
    await ask([CACHE, this.#name], 'PUT', url, { lines: headerLines(headers), options, body });
  }
  async delete(request, options = undefined) {
    needs(arguments.length, 1, 'delete');
    const { ignoreMethod = false } = dictionary(options, 'delete: options');
    const { url, method, headers } = partsOf(request, 'delete');
    if (method !== 'GET' && !ignoreMethod) return false;
    return (await ask([CACHE, this.#name], 'DELETE', url, { lines: headerLines(headers) })).url !== '';
  }
  async add(request) {
    needs(arguments.length, 1, 'add');
    await this.addAll([request]);
  }
  async addAll(requests) {
    needs(arguments.length, 1, 'addAll');
    await Promise.all(Array.from(requests, async (each) => {
      const request = new Request(each);
      const response = await fetch(request.clone());
      if (!response.ok) throw new TypeError(`add: ${request.url} answered ${response.status}`);
      await this.put(request, response);
    }));
  }
  async keys() { throw new DOMException('A cache of the edge cannot list what it holds', 'NotSupportedError'); }
}
tag(Cache, 'Cache');

class CacheStorage {
  #default;
  constructor(token) {
    if (token !== made) throw new TypeError('Illegal constructor');
    this.#default = new Cache(made, '');
  }
  get default() { return this.#default; }
  async open(name) {
    needs(arguments.length, 1, 'open');
    const text = scalar(name);
    if (text === '' || text.length > 100) throw new TypeError('open: the name must have 1 to 100 characters');
    return new Cache(made, text);
  }
  async match(request, options = undefined) { return this.#default.match(request, options); }
  async has() { throw new DOMException('Caches of the edge are not listed', 'NotSupportedError'); }
  async keys() { throw new DOMException('Caches of the edge are not listed', 'NotSupportedError'); }
  async delete() { throw new DOMException('A whole cache cannot be deleted; purge the site', 'NotSupportedError'); }
}
tag(CacheStorage, 'CacheStorage');

return { caches: new CacheStorage(made), Cache, CacheStorage };
