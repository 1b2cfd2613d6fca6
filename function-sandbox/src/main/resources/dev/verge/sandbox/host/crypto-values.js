// Web Cryptography: what scripts give, converted (WebIDL), and the algorithms they name, normalized (§18.4).

const c = host.subtle();
const { SharedArrayBuffer, DOMException, tag, needs, viewOf, copyOf } = shared;

function fail(name, message) { throw new DOMException(message, name); }

/** What a primitive of the host gave; a failure is the name of its exception. */
function got(result, what) {
  if (typeof result === 'string' && result[0] === '!') fail(result.slice(1), `${what}: it was refused or failed`);
  return result;
}
const bytesOf = (result, what) => copyOf(got(result, what));

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
const isBytes = (value) => value instanceof ArrayBuffer || (ArrayBuffer.isView(value) && !(value.buffer instanceof SharedArrayBuffer));
const EMPTY = new Uint8Array(0);

function source(value, what) {
  if (!isBytes(value)) throw new TypeError(`${what}: must be an ArrayBuffer or a view of one`);
  return value;
}
/** The bytes of a BufferSource as a view, for an operation that ends before the script goes on; none when it was detached. */
const bytes = (value) => (value.byteLength === 0 ? EMPTY : viewOf(value));
/** As the primitives take data. */
const span = (view) => [view.buffer, view.byteOffset, view.byteLength];
const copied = (value) => bytes(value).slice().buffer;

/** An integer as [EnforceRange] has it (WebIDL §3.2.4.9). */
function integer(value, max, what) {
  const number = Math.trunc(+value);
  if (!(number >= 0 && number <= max)) throw new TypeError(`${what}: must be an integer from 0 to ${max}`);
  return number + 0;
}
const identifier = (value) => (isObject(value) ? value : `${value}`);

// Kinds of members: how the value is converted, and what becomes of it when all of the dictionary is.
const BUFFER = [source, copied];
const BIG_INTEGER = [(value, what) => {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${what}: must be a Uint8Array`);
  return value;
}, copied];
const OCTET = [(value, what) => integer(value, 255, what)];
const SHORT = [(value, what) => integer(value, 65535, what)];
const LONG = [(value, what) => integer(value, 4294967295, what)];
const TEXT = [(value) => `${value}`];
const HASH = [identifier, (value) => normalize('hash', value)];
const KEY = [(value, what) => {
  if (!inside(value)) throw new TypeError(`${what}: must be a CryptoKey`);
  return value;
}];
const need = (name, kind) => [name, kind, true];
const may = (name, kind) => [name, kind, false];

// Members in the order in which WebIDL reads them.
const NOTHING = [];
const AES_KEY = [need('length', SHORT)];
const AES = { generateKey: AES_KEY, importKey: NOTHING, exportKey: NOTHING, 'get key length': AES_KEY };
const GCM = [may('additionalData', BUFFER), need('iv', BUFFER), may('tagLength', OCTET)];
const CBC = [need('iv', BUFFER)];
const CTR = [need('counter', BUFFER), need('length', OCTET)];
const HMAC_KEY = [need('hash', HASH), may('length', LONG)];
const HASHED = [need('hash', HASH)];
const RSA_KEY = [need('modulusLength', LONG), need('publicExponent', BIG_INTEGER), need('hash', HASH)];
const RSA = { generateKey: RSA_KEY, importKey: HASHED, exportKey: NOTHING };
const OAEP = [may('label', BUFFER)];
const PSS = [need('saltLength', LONG)];
const CURVED = [need('namedCurve', TEXT)];
const EC = { generateKey: CURVED, importKey: CURVED, exportKey: NOTHING };
const AGREED = [need('public', KEY)];
const FIXED = { generateKey: NOTHING, importKey: NOTHING, exportKey: NOTHING };
const HKDF = [need('hash', HASH), need('info', BUFFER), need('salt', BUFFER)];
const PBKDF2 = [need('hash', HASH), need('iterations', LONG), need('salt', BUFFER)];
const DERIVED = { importKey: NOTHING, 'get key length': NOTHING };
const DIGEST = { digest: NOTHING, hash: NOTHING };

/** Which operations an algorithm has, and the dictionary each takes. */
const ALGORITHMS = {
  'AES-GCM': { encrypt: GCM, decrypt: GCM, ...AES },
  'AES-CBC': { encrypt: CBC, decrypt: CBC, ...AES },
  'AES-CTR': { encrypt: CTR, decrypt: CTR, ...AES },
  'AES-KW': { wrapKey: NOTHING, unwrapKey: NOTHING, ...AES },
  HMAC: { sign: NOTHING, verify: NOTHING, generateKey: HMAC_KEY, importKey: HMAC_KEY, exportKey: NOTHING, 'get key length': HMAC_KEY },
  'RSASSA-PKCS1-v1_5': { sign: NOTHING, verify: NOTHING, ...RSA },
  'RSA-PSS': { sign: PSS, verify: PSS, ...RSA },
  'RSA-OAEP': { encrypt: OAEP, decrypt: OAEP, ...RSA },
  ECDSA: { sign: HASHED, verify: HASHED, ...EC },
  ECDH: { deriveBits: AGREED, ...EC },
  Ed25519: { sign: NOTHING, verify: NOTHING, ...FIXED },
  Ed448: { sign: [may('context', BUFFER)], verify: [may('context', BUFFER)], ...FIXED },
  X25519: { deriveBits: AGREED, ...FIXED },
  X448: { deriveBits: AGREED, ...FIXED },
  HKDF: { deriveBits: HKDF, ...DERIVED },
  PBKDF2: { deriveBits: PBKDF2, ...DERIVED },
  'SHA-1': DIGEST, 'SHA-256': DIGEST, 'SHA-384': DIGEST, 'SHA-512': DIGEST,
  // Not of the standard: Workers have it, for old checksums.
  MD5: { digest: NOTHING },
};
const upper = (text) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
const byName = new Map(Object.keys(ALGORITHMS).map((name) => [upper(name), name]));

/** An algorithm that a script named for an operation, with the operation's parameters converted and copied (§18.4.4). */
function normalize(operation, given) {
  const from = isObject(given) ? given : { name: given };
  const called = from.name;
  if (called === undefined) throw new TypeError('algorithm: its name is missing');
  const name = byName.get(upper(`${called}`));
  const members = name === undefined ? undefined : ALGORITHMS[name][operation];
  if (members === undefined) fail('NotSupportedError', `${`${called}`.slice(0, 40)}: there is no ${operation} with this algorithm`);
  const normalized = { name };
  for (const [member, [convert], required] of members) {
    const value = from[member];
    if (value !== undefined) normalized[member] = convert(value, `${name}: ${member}`);
    else if (required) throw new TypeError(`${name}: ${member} is missing`);
  }
  for (const [member, [, finish]] of members) if (finish && member in normalized) normalized[member] = finish(normalized[member]);
  return normalized;
}
