// Web Cryptography: CryptoKey (§13), and JSON Web Keys (RFC 7517).

const USAGES = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];
const FORMATS = ['raw', 'spki', 'pkcs8', 'jwk'];
const making = Symbol('made by the platform');

/** The slots of a key, or undefined when the value is none. */
let inside;

class CryptoKey {
  #slots;
  constructor() {
    if (arguments[0] !== making) throw new TypeError('Illegal constructor');
    this.#slots = arguments[1];
  }
  get type() { return this.#slots.type; }
  get extractable() { return this.#slots.extractable; }
  get algorithm() { return this.#slots.shownAlgorithm ??= shown(this.#slots.algorithm); }
  get usages() { return this.#slots.shownUsages ??= [...this.#slots.usages]; }
  static { inside = (value) => (isObject(value) && #slots in value ? value.#slots : undefined); }
}
tag(CryptoKey, 'CryptoKey');
shared.platformKinds.push({
  is: (value) => inside(value) !== undefined,
  clone(key) {
    const { type, held, algorithm, extractable, usages } = inside(key);
    return () => new CryptoKey(making, { type, held, algorithm, extractable, usages });
  },
});

/** A copy of a key's algorithm that a script may change as it likes. */
function shown(algorithm) {
  const copy = { ...algorithm };
  if (copy.hash) copy.hash = { name: copy.hash.name };
  if (copy.publicExponent) copy.publicExponent = new Uint8Array(copy.publicExponent);
  return copy;
}

/** A key over what the host holds. */
function makeKey(type, held, algorithm, extractable, usages) {
  return new CryptoKey(making, { type, held, algorithm, extractable, usages: USAGES.filter((usage) => usages.includes(usage)) });
}

function makePair(held, algorithm, extractable, usages, forPublic, forPrivate) {
  const of = (allowed) => usages.filter((usage) => allowed.includes(usage));
  return {
    publicKey: makeKey('public', got(c.publicHalf(held), algorithm.name), algorithm, true, of(forPublic)),
    privateKey: makeKey('private', held, algorithm, extractable, of(forPrivate)),
  };
}

/** Usages as WebIDL reads them: a sequence of KeyUsage. */
function usageList(value) {
  const usages = [];
  for (const item of sequence(value, 'keyUsages')) {
    const usage = `${item}`;
    if (!USAGES.includes(usage)) throw new TypeError(`keyUsages: there is no usage ${usage.slice(0, 40)}`);
    usages.push(usage);
  }
  return usages;
}

function sequence(value, what) {
  if (!isObject(value) || typeof value[Symbol.iterator] !== 'function') throw new TypeError(`${what}: must be a sequence`);
  return value;
}

function formatName(value) {
  const format = `${value}`;
  if (!FORMATS.includes(format)) throw new TypeError(`format: there is no format ${format.slice(0, 40)}`);
  return format;
}

/** Refuses usages that a key of this kind cannot have. */
function allow(usages, allowed) {
  for (const usage of usages) if (!allowed.includes(usage)) fail('SyntaxError', `keyUsages: ${usage} is not for a key of this kind`);
}

/** Refuses keys that nobody could use: secret and private ones without usages. */
function useful(key) {
  for (const one of key.privateKey ? [key.privateKey] : [key]) {
    const { type, usages } = inside(one);
    if (type !== 'public' && usages.length === 0) fail('SyntaxError', 'keyUsages: a secret or private key needs one');
  }
  return key;
}

// --- JSON Web Keys ---

const JWK_TEXT = ['alg', 'crv', 'd', 'dp', 'dq', 'e', 'k', 'kty', 'n', 'p', 'q', 'qi', 'use', 'x', 'y'];
const JWK_MEMBERS = [...JWK_TEXT, 'ext', 'key_ops', 'oth'].sort();

/** A JsonWebKey dictionary (§15). */
function jsonWebKey(value) {
  const jwk = {};
  for (const member of JWK_MEMBERS) {
    const given = value[member];
    if (given === undefined) continue;
    if (member === 'ext') jwk.ext = Boolean(given);
    else if (member === 'key_ops') jwk.key_ops = [...sequence(given, 'key_ops')].map((item) => `${item}`);
    else if (member === 'oth') jwk.oth = [...sequence(given, 'oth')];
    else jwk[member] = `${given}`;
  }
  return jwk;
}

/** The checks that are the same for all kinds of keys: kind, use, operations, extractability. */
function checkJwk(jwk, kty, use, extractable, usages) {
  if (jwk.kty !== kty) fail('DataError', `kty: must be ${kty}`);
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use) fail('DataError', `use: must be ${use}`);
  if (jwk.key_ops !== undefined) {
    const unique = new Set(jwk.key_ops);
    if (unique.size !== jwk.key_ops.length || usages.some((usage) => !unique.has(usage))) {
      fail('DataError', 'key_ops: must name each usage, and nothing twice');
    }
  }
  if (jwk.ext === false && extractable) fail('DataError', 'ext: the key is not to be extractable');
}

/** The members of a JSON Web Key as lines for the host. */
function members(jwk, names) {
  for (const name of names) if (jwk[name] === undefined) fail('DataError', `${name} is missing`);
  return names.map((name) => jwk[name]).join('\n');
}

/** A JSON Web Key of what the host tells. */
function toJwk(key, names, fixed) {
  const { held, usages, extractable } = inside(key);
  const jwk = { ...fixed };
  const values = got(c.jwk(held), 'exportKey').split('\n');
  values.forEach((value, i) => { jwk[names[i]] = value; });
  jwk.key_ops = [...usages];
  jwk.ext = extractable;
  return jwk;
}

/** A key's bytes in one of the host's forms. */
function encoded(key, form, type) {
  const slots = inside(key);
  if (slots.type !== type) fail('InvalidAccessError', `exportKey: this format is for ${type} keys`);
  return bytesOf(c.encoded(slots.held, form), 'exportKey').buffer;
}
