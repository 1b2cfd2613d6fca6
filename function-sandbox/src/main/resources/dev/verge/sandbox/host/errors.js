// What the engine tells of unhandled rejections goes by an object that scripts must not see.
const takeRejections = Graal.setUnhandledPromiseRejectionHandler;
delete globalThis.Graal;

// As in browsers whose pages share memory with nobody, no global names it; what asks for its kind of memory has WebAssembly.Memory.
const { SharedArrayBuffer } = globalThis;
delete globalThis.SharedArrayBuffer;

// What carries values along promises is not a standard's yet; the module node:async_hooks gives it its form.
const { AsyncContext } = globalThis;
delete globalThis.AsyncContext;

// DOMException (WebIDL §2.8.1), and how a class becomes a global.

const DOM_CODES = {
  IndexSizeError: 1, HierarchyRequestError: 3, InvalidCharacterError: 5, NotFoundError: 8, NotSupportedError: 9,
  InvalidStateError: 11, SyntaxError: 12, InvalidAccessError: 15, TypeMismatchError: 17, SecurityError: 18,
  NoModificationAllowedError: 7, InUseAttributeError: 10, InvalidModificationError: 13, NamespaceError: 14,
  NetworkError: 19, AbortError: 20, URLMismatchError: 21, QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24,
  DataCloneError: 25, WrongDocumentError: 4,
};
const DOM_CONSTANTS = {
  INDEX_SIZE_ERR: 1, DOMSTRING_SIZE_ERR: 2, HIERARCHY_REQUEST_ERR: 3, WRONG_DOCUMENT_ERR: 4, INVALID_CHARACTER_ERR: 5,
  NO_DATA_ALLOWED_ERR: 6, NO_MODIFICATION_ALLOWED_ERR: 7, NOT_FOUND_ERR: 8, NOT_SUPPORTED_ERR: 9, INUSE_ATTRIBUTE_ERR: 10,
  INVALID_STATE_ERR: 11, SYNTAX_ERR: 12, INVALID_MODIFICATION_ERR: 13, NAMESPACE_ERR: 14, INVALID_ACCESS_ERR: 15,
  VALIDATION_ERR: 16, TYPE_MISMATCH_ERR: 17, SECURITY_ERR: 18, NETWORK_ERR: 19, ABORT_ERR: 20, URL_MISMATCH_ERR: 21,
  QUOTA_EXCEEDED_ERR: 22, TIMEOUT_ERR: 23, INVALID_NODE_TYPE_ERR: 24, DATA_CLONE_ERR: 25,
};

/** Gives its objects the private fields of the class below it (a constructor that returns what it is given). */
class Stamped { constructor(object) { return object; } }

const domParts = (() => {
  // An exception is an Error of the engine, so that it has a stack; the fields are what makes it a DOMException.
  return class extends Stamped {
    #name; #message;
    constructor(error, message, name) { super(error); this.#name = name; this.#message = message; }
    static name(error) { return error.#name; }
    static message(error) { return error.#message; }
    static is(value) { return isObject(value) && #name in value; }
  };
})();

function DOMException(message = '', name = 'Error') {
  if (new.target === undefined) throw new TypeError('DOMException: use new');
  const [text, kind] = [`${message}`, `${name}`];
  const error = new Error();
  const [, ...frames] = error.stack.split('\n').filter((line) => !line.includes('verge:'));
  error.stack = [text === '' ? kind : `${kind}: ${text}`, ...frames].join('\n');
  return new domParts(Object.setPrototypeOf(error, new.target.prototype), text, kind);
}
const isDomException = domParts.is;
DOMException.prototype = Object.create(Error.prototype, { constructor: { value: DOMException, writable: true, configurable: true } });
Object.defineProperty(DOMException, 'prototype', { writable: false });
for (const [key, get] of Object.entries({
  name() { return domParts.name(this); }, message() { return domParts.message(this); }, code() { return DOM_CODES[domParts.name(this)] ?? 0; },
})) Object.defineProperty(DOMException.prototype, key, { get: Object.defineProperty(get, 'name', { value: 'get ' + key }), configurable: true });

/** Makes a value a global of the script. */
function expose(name, value) {
  Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
}

/** The prototypes of all interfaces. */
const interfaces = new WeakSet();

/**
 * Makes a class a WebIDL interface (WebIDL §3.7): its string-named members are enumerable, and it tells its name. Members that the
 * standard does not have must be private or symbols. Its name is one that is never compiled: it runs while a context is made, often enough
 * to stand before what requests need.
 */
function vergeWebApiTag(constructor, name) {
  interfaces.add(constructor.prototype);
  for (const holder of [constructor, constructor.prototype]) {
    for (const key of Object.getOwnPropertyNames(holder)) {
      const member = Object.getOwnPropertyDescriptor(holder, key);
      const inherent = key === 'constructor' || key === 'prototype' || key === 'length' || key === 'name';
      if (!inherent || member.get) Object.defineProperty(holder, key, { enumerable: holder !== constructor || !inherent });
    }
  }
  Object.defineProperty(constructor.prototype, Symbol.toStringTag, { value: name, configurable: true });
}
const tag = vergeWebApiTag;
tag(DOMException, 'DOMException');
vergeWebApiConstants(DOMException, DOM_CONSTANTS);

/** Text without lone surrogates, as WebIDL's USVString. */
function scalar(value) { return `${value}`.toWellFormed(); }

/** Refuses a call with fewer arguments than the operation needs (WebIDL §3.7.7). */
function needs(count, least, operation) {
  if (count < least) throw new TypeError(`${operation}: ${least} argument${least === 1 ? '' : 's'} required, but only ${count} present`);
}

/** A dictionary's value (WebIDL §3.2.17): undefined and null are an empty one, anything else must be an object. */
function dictionary(value, what) {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' && typeof value !== 'function') throw new TypeError(`${what}: must be an object`);
  return value;
}

/** A sequence (WebIDL §3.2.21) of what `convert` gives for each item. */
function sequence(value, what, convert) {
  const method = isObject(value) ? value[Symbol.iterator] : undefined;
  if (method === undefined || method === null) throw new TypeError(`${what}: must be iterable`);
  const items = [];
  for (const item of { [Symbol.iterator]: () => apply(method, value, []) }) items.push(convert(item));
  return items;
}
