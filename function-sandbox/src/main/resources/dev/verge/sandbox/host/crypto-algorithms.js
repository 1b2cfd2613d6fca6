// Web Cryptography: what each algorithm does (§20 to §34, and Secure Curves). Usages are checked first, as the standard has it.

const NO_SALT = -1;
const BLOCK_BITS = { 'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024 };
const DIGEST_BYTES = { 'SHA-1': 20, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 };
const MAX_SECRET_BITS = 65536 * 8;

const no = (format, name) => fail('NotSupportedError', `${name}: there is no format ${format} for it`);
/** A new secret of so many bits. */
function fresh(bits) { return got(c.secret(...span(copyOf(host.random(Math.ceil(bits / 8))))), 'generateKey'); }

function secretKey(jwk, use, extractable, usages) {
  checkJwk(jwk, 'oct', use, extractable, usages);
  if (jwk.k === undefined) fail('DataError', 'k is missing');
  return got(c.secretFromJwk(jwk.k), 'importKey');
}

function isAesLength(bits) { return bits === 128 || bits === 192 || bits === 256; }

/** AES in one of its modes (§24 to §27); `suffix` ends the names of JSON Web Algorithms. */
function aes(name, suffix, allowed, operations) {
  return {
    ...operations,
    generateKey({ length }, extractable, usages) {
      allow(usages, allowed);
      if (!isAesLength(length)) fail('OperationError', `${name}: the length must be 128, 192 or 256 bits`);
      return makeKey('secret', fresh(length), { name, length }, extractable, usages);
    },
    importKey(format, data, normalized, extractable, usages) {
      allow(usages, allowed);
      const held = format === 'raw' ? got(c.secret(...span(data)), 'importKey')
        : format === 'jwk' ? secretKey(data, 'enc', extractable, usages) : no(format, name);
      const length = c.secretBytes(held) * 8;
      if (!isAesLength(length)) fail('DataError', `${name}: the key must have 128, 192 or 256 bits`);
      if (format === 'jwk' && data.alg !== undefined && data.alg !== `A${length}${suffix}`) fail('DataError', `alg: must be A${length}${suffix}`);
      return makeKey('secret', held, { name, length }, extractable, usages);
    },
    exportKey(format, key) {
      if (format === 'raw') return encoded(key, 'RAW', 'secret');
      if (format !== 'jwk') no(format, name);
      return toJwk(key, ['k'], { kty: 'oct', alg: `A${inside(key).algorithm.length}${suffix}` });
    },
    keyLength({ length }) {
      if (!isAesLength(length)) fail('OperationError', `${name}: the length must be 128, 192 or 256 bits`);
      return length;
    },
  };
}

/** Encryption and decryption by one primitive. */
function both(run) {
  return {
    encrypt: (normalized, key, data) => run(true, normalized, inside(key).held, data),
    decrypt: (normalized, key, data) => run(false, normalized, inside(key).held, data),
  };
}
const CIPHER_USAGES = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
const gcm = both((encrypt, { iv, additionalData, tagLength = 128 }, held, data) => {
  if (![32, 64, 96, 104, 112, 120, 128].includes(tagLength)) fail('OperationError', `AES-GCM: there is no tag of ${tagLength} bits`);
  return bytesOf(c.gcm(encrypt, held, iv, additionalData ?? EMPTY.buffer, tagLength, ...span(data)), 'AES-GCM').buffer;
});
const cbc = both((encrypt, { iv }, held, data) => bytesOf(c.cbc(encrypt, held, iv, ...span(data)), 'AES-CBC').buffer);
const ctr = both((encrypt, { counter, length }, held, data) => bytesOf(c.ctr(encrypt, held, counter, length, ...span(data)), 'AES-CTR').buffer);
const kw = {
  wrapKey: (normalized, key, data) => bytesOf(c.kw(true, inside(key).held, ...span(data)), 'AES-KW').buffer,
  unwrapKey: (normalized, key, data) => bytesOf(c.kw(false, inside(key).held, ...span(data)), 'AES-KW').buffer,
};

const hmac = {
  sign: (normalized, key, data) => bytesOf(c.hmac(inside(key).algorithm.hash.name, inside(key).held, ...span(data)), 'HMAC').buffer,
  verify: (normalized, key, signature, data) => (
    got(c.hmacVerify(inside(key).algorithm.hash.name, inside(key).held, signature.slice().buffer, ...span(data)), 'HMAC')),
  generateKey({ name, hash, length = BLOCK_BITS[hash.name] }, extractable, usages) {
    allow(usages, ['sign', 'verify']);
    if (length === 0 || length > MAX_SECRET_BITS) fail('OperationError', 'HMAC: the key must have a length');
    return makeKey('secret', fresh(length), { name, hash, length }, extractable, usages);
  },
  importKey(format, data, { name, hash, length }, extractable, usages) {
    allow(usages, ['sign', 'verify']);
    const held = format === 'raw' ? got(c.secret(...span(data)), 'importKey')
      : format === 'jwk' ? secretKey(data, 'sig', extractable, usages) : no(format, name);
    const alg = 'HS' + hash.name.slice(4);
    if (format === 'jwk' && data.alg !== undefined && data.alg !== alg) fail('DataError', `alg: must be ${alg}`);
    const bits = c.secretBytes(held) * 8;
    if (bits === 0) fail('DataError', 'HMAC: the key is empty');
    if (length !== undefined && (length > bits || length <= bits - 8)) fail('DataError', 'HMAC: the length is not that of the key');
    return makeKey('secret', held, { name, hash, length: length ?? bits }, extractable, usages);
  },
  exportKey(format, key) {
    if (format === 'raw') return encoded(key, 'RAW', 'secret');
    if (format !== 'jwk') no(format, 'HMAC');
    return toJwk(key, ['k'], { kty: 'oct', alg: 'HS' + inside(key).algorithm.hash.name.slice(4) });
  },
  keyLength({ hash, length = BLOCK_BITS[hash.name] }) {
    if (length === 0) throw new TypeError('HMAC: the length is 0');
    return length;
  },
};

/** Import and export of keys that come in pairs; `kind` tells what is particular. */
function pairs(kind) {
  const { forPublic, forPrivate, use, kty } = kind;
  return {
    generateKey(normalized, extractable, usages) {
      allow(usages, [...forPublic, ...forPrivate]);
      const held = got(kind.generate(normalized), normalized.name);
      return makePair(held, kind.algorithm(held, normalized), extractable, usages, forPublic, forPrivate);
    },
    importKey(format, data, normalized, extractable, usages) {
      const isPrivate = format === 'pkcs8' || (format === 'jwk' && data.d !== undefined);
      if (format === 'raw' && !kind.raw) no(format, normalized.name);
      allow(usages, isPrivate ? forPrivate : forPublic);
      let held;
      if (format === 'jwk') {
        checkJwk(data, kty, use, extractable, usages);
        kind.check(data, normalized);
        held = kind.fromJwk(normalized, members(data, isPrivate ? [...kind.openMembers, ...kind.secretMembers] : kind.openMembers));
      } else held = kind.decode(normalized, format.toUpperCase(), span(data));
      got(held, 'importKey');
      return makeKey(isPrivate ? 'private' : 'public', held, kind.algorithm(held, normalized), extractable, usages);
    },
    exportKey(format, key) {
      if (format === 'pkcs8') return encoded(key, 'PKCS8', 'private');
      if (format === 'spki') return encoded(key, 'SPKI', 'public');
      if (format === 'jwk') return toJwk(key, [...kind.openMembers, ...kind.secretMembers], { kty, ...kind.fixed(inside(key).algorithm) });
      return kind.raw ? encoded(key, 'RAW', 'public') : no(format, inside(key).algorithm.name);
    },
  };
}

/** RSA (§20 to §22); `alg` gives the name of a JSON Web Algorithm. */
function rsa(forPublic, forPrivate, use, alg, operations) {
  return {
    ...operations,
    ...pairs({
      forPublic, forPrivate, use, kty: 'RSA', raw: false, openMembers: ['n', 'e'], secretMembers: ['d', 'p', 'q', 'dp', 'dq', 'qi'],
      generate: ({ modulusLength, publicExponent }) => (
        c.rsa(Math.min(modulusLength, 2 ** 31 - 1), publicExponent)),
      algorithm: (held, { name, hash }) => (
        { name, modulusLength: c.rsaBits(held), publicExponent: copyOf(c.rsaExponent(held)), hash }),
      decode: (normalized, form, data) => c.rsaDecode(form, ...data),
      fromJwk: (normalized, lines) => c.rsaFromJwk(lines),
      check(jwk, { hash }) {
        if (jwk.alg !== undefined && jwk.alg !== alg(hash.name)) fail('DataError', `alg: must be ${alg(hash.name)}`);
        if (jwk.oth !== undefined) fail('NotSupportedError', 'oth: keys of more than two primes are not supported');
      },
      fixed: ({ hash }) => ({ alg: alg(hash.name) }),
    }),
  };
}

function needsType(key, type) {
  const slots = inside(key);
  if (slots.type !== type) fail('InvalidAccessError', `the key must be a ${type} one`);
  return slots;
}
function rsaSignature(salt) {
  return {
    sign(normalized, key, data) {
      const { held, algorithm } = needsType(key, 'private');
      return bytesOf(c.rsaSign(held, algorithm.hash.name, salt(normalized), ...span(data)), algorithm.name).buffer;
    },
    verify(normalized, key, signature, data) {
      const { held, algorithm } = needsType(key, 'public');
      return got(c.rsaVerify(held, algorithm.hash.name, salt(normalized), signature.slice().buffer, ...span(data)), algorithm.name);
    },
  };
}
function oaep(encrypt, type) {
  return ({ label }, key, data) => {
    const { held, algorithm } = needsType(key, type);
    return bytesOf(c.oaep(encrypt, held, algorithm.hash.name, label ?? EMPTY.buffer, ...span(data)), algorithm.name).buffer;
  };
}

const CURVE_ALGS = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

/** Keys on the NIST curves (§23, §24). */
function ec(forPublic, forPrivate, use, operations) {
  const known = ({ namedCurve }) => {
    if (!Object.hasOwn(CURVE_ALGS, namedCurve)) fail('NotSupportedError', 'namedCurve: there is no such curve');
    return namedCurve;
  };
  return {
    ...operations,
    ...pairs({
      forPublic, forPrivate, use, kty: 'EC', raw: true, openMembers: ['x', 'y'], secretMembers: ['d'],
      generate: (normalized) => c.ec(known(normalized)),
      algorithm: (held, { name, namedCurve }) => ({ name, namedCurve }),
      decode: (normalized, form, data) => c.ecDecode(known(normalized), form, ...data),
      fromJwk: (normalized, lines) => c.ecFromJwk(known(normalized), lines),
      check(jwk, normalized) {
        if (jwk.crv !== known(normalized)) fail('DataError', 'crv: must be the named curve');
        const alg = CURVE_ALGS[normalized.namedCurve];
        if (use === 'sig' && jwk.alg !== undefined && jwk.alg !== alg) fail('DataError', `alg: must be ${alg}`);
      },
      fixed: ({ namedCurve }) => ({ crv: namedCurve }),
    }),
  };
}

/** Keys of Edwards and Montgomery curves (Secure Curves). */
function okp(name, forPublic, forPrivate, use, operations) {
  const signs = use === 'sig';
  return {
    ...operations,
    ...pairs({
      forPublic, forPrivate, use, kty: 'OKP', raw: true, openMembers: ['x'], secretMembers: ['d'],
      generate: () => c.okp(name),
      algorithm: () => ({ name }),
      decode: (normalized, form, data) => c.okpDecode(name, form, ...data),
      fromJwk: (normalized, lines) => c.okpFromJwk(name, lines),
      check(jwk) {
        if (jwk.crv !== name) fail('DataError', `crv: must be ${name}`);
        if (signs && jwk.alg !== undefined && jwk.alg !== name && jwk.alg !== 'EdDSA') fail('DataError', `alg: must be ${name} or EdDSA`);
      },
      fixed: () => (signs ? { crv: name, alg: name } : { crv: name }),
    }),
  };
}
function edwards({ context }) {
  if (context !== undefined && context.byteLength > 0) fail('NotSupportedError', 'Ed448: a context is not supported');
}
const eddsa = {
  sign(normalized, key, data) {
    const { held, algorithm } = needsType(key, 'private');
    edwards(normalized);
    return bytesOf(c.edSign(held, ...span(data)), algorithm.name).buffer;
  },
  verify(normalized, key, signature, data) {
    const { held, algorithm } = needsType(key, 'public');
    edwards(normalized);
    return got(c.edVerify(held, signature.slice().buffer, ...span(data)), algorithm.name);
  },
};
const ecdsa = {
  sign({ hash }, key, data) {
    const { held } = needsType(key, 'private');
    return bytesOf(c.ecSign(held, hash.name, ...span(data)), 'ECDSA').buffer;
  },
  verify({ hash }, key, signature, data) {
    const { held } = needsType(key, 'public');
    return got(c.ecVerify(held, hash.name, signature.slice().buffer, ...span(data)), 'ECDSA');
  },
};

/** Diffie-Hellman by one of the host's primitives; the first `length` bits. */
function agreement(primitive) {
  return {
    deriveBits(normalized, key, length) {
      const own = needsType(key, 'private');
      const other = needsType(normalized.public, 'public');
      if (other.algorithm.name !== own.algorithm.name || other.algorithm.namedCurve !== own.algorithm.namedCurve) {
        fail('InvalidAccessError', 'public: must be a key of the same algorithm and curve');
      }
      const secret = bytesOf(primitive(own.held, other.held), own.algorithm.name);
      if (length === null) return secret.buffer;
      if (length > secret.byteLength * 8) fail('OperationError', `deriveBits: the secret has ${secret.byteLength * 8} bits`);
      const out = secret.slice(0, Math.ceil(length / 8));
      if (length % 8 !== 0) out[out.length - 1] &= 0xff << (8 - (length % 8));
      return out.buffer;
    },
  };
}

/** Derivation from a secret that is bytes (§32, §33). */
function derivation(name, maxBytes, primitive) {
  return {
    importKey(format, data, normalized, extractable, usages) {
      if (format !== 'raw') no(format, name);
      allow(usages, ['deriveKey', 'deriveBits']);
      if (extractable) fail('SyntaxError', `${name}: the key cannot be extractable`);
      return makeKey('secret', got(c.secret(...span(data)), 'importKey'), { name }, false, usages);
    },
    deriveBits(normalized, key, length) {
      if (length === null || length % 8 !== 0) fail('OperationError', `${name}: the length must be a multiple of 8 bits`);
      if (length / 8 > maxBytes(normalized)) fail('OperationError', `${name}: it gives at most ${maxBytes(normalized)} bytes`);
      return bytesOf(primitive(normalized, inside(key).held, length / 8), name).buffer;
    },
    keyLength: () => null,
  };
}

const SIGN = [['verify'], ['sign']];
const AGREE = [[], ['deriveKey', 'deriveBits']];
const CIPHER = [['encrypt', 'wrapKey'], ['decrypt', 'unwrapKey']];

const WORK = {
  'AES-GCM': aes('AES-GCM', 'GCM', CIPHER_USAGES, gcm),
  'AES-CBC': aes('AES-CBC', 'CBC', CIPHER_USAGES, cbc),
  'AES-CTR': aes('AES-CTR', 'CTR', CIPHER_USAGES, ctr),
  'AES-KW': aes('AES-KW', 'KW', ['wrapKey', 'unwrapKey'], kw),
  HMAC: hmac,
  'RSASSA-PKCS1-v1_5': rsa(...SIGN, 'sig', (hash) => 'RS' + hash.slice(4), rsaSignature(() => NO_SALT)),
  'RSA-PSS': rsa(...SIGN, 'sig', (hash) => 'PS' + hash.slice(4), rsaSignature(({ saltLength }) => Math.min(saltLength, 2 ** 31 - 1))),
  'RSA-OAEP': rsa(...CIPHER, 'enc', (hash) => (hash === 'SHA-1' ? 'RSA-OAEP' : 'RSA-OAEP-' + hash.slice(4)),
    { encrypt: oaep(true, 'public'), decrypt: oaep(false, 'private') }),
  ECDSA: ec(...SIGN, 'sig', ecdsa),
  ECDH: ec(...AGREE, 'enc', agreement((own, other) => c.ecAgree(own, other))),
  Ed25519: okp('Ed25519', ...SIGN, 'sig', eddsa),
  Ed448: okp('Ed448', ...SIGN, 'sig', eddsa),
  X25519: okp('X25519', ...AGREE, 'enc', agreement((own, other) => c.okpAgree(own, other))),
  X448: okp('X448', ...AGREE, 'enc', agreement((own, other) => c.okpAgree(own, other))),
  HKDF: derivation('HKDF', ({ hash }) => 255 * DIGEST_BYTES[hash.name],
    ({ hash, salt, info }, held, length) => c.hkdf(hash.name, held, salt, info, length)),
  PBKDF2: derivation('PBKDF2', () => 65536,
    ({ hash, salt, iterations }, held, length) => c.pbkdf2(hash.name, held, salt, iterations, length)),
};
