// Web Cryptography: SubtleCrypto (§14). Work is done at once, in the turn that asks for it, and is charged to it; only the promise
// settles later, as with work done in parallel.

/** A key that the algorithm and the usage may be applied to. */
function usable(key, name, usage) {
  const slots = inside(key);
  if (slots.algorithm.name !== name) fail('InvalidAccessError', `${usage}: the key is for ${slots.algorithm.name}`);
  if (!slots.usages.includes(usage)) fail('InvalidAccessError', `${usage}: the key may not be used for it`);
  return slots;
}

function keyOf(value, what) {
  if (!inside(value)) throw new TypeError(`${what}: must be a CryptoKey`);
  return value;
}

/** Normalizes for the first of two operations that the algorithm has. */
function normalizeEither(first, second, algorithm) {
  try {
    return [normalize(first, algorithm), first];
  } catch (error) {
    if (error?.name !== 'NotSupportedError') throw error;
    return [normalize(second, algorithm), second];
  }
}

function extract(format, key, what) {
  const { algorithm, extractable } = inside(key);
  if (!WORK[algorithm.name].exportKey) fail('NotSupportedError', `${what}: keys for ${algorithm.name} cannot be exported`);
  if (!extractable) fail('InvalidAccessError', `${what}: the key is not extractable`);
  return WORK[algorithm.name].exportKey(format, key);
}

function importOf(format, data, normalized, extractable, usages) {
  return useful(WORK[normalized.name].importKey(format, data, normalized, extractable, usages));
}

class SubtleCrypto {
  #real = true;
  constructor() { if (arguments[0] !== making) throw new TypeError('Illegal constructor'); }
  async encrypt(algorithm, key, data) {
    return await cipher(this.#real, 'encrypt', arguments.length, algorithm, key, data);
  }
  async decrypt(algorithm, key, data) {
    return await cipher(this.#real, 'decrypt', arguments.length, algorithm, key, data);
  }
  async sign(algorithm, key, data) {
    return await cipher(this.#real, 'sign', arguments.length, algorithm, key, data);
  }
  async verify(algorithm, key, signature, data) {
    this.#real;
    needs(arguments.length, 4, 'verify');
    [algorithm, key, signature, data] = [identifier(algorithm), keyOf(key, 'key'), source(signature, 'signature'), source(data, 'data')];
    const normalized = normalize('verify', algorithm);
    usable(key, normalized.name, 'verify');
    return await WORK[normalized.name].verify(normalized, key, bytes(signature), bytes(data));
  }
  async digest(algorithm, data) {
    this.#real;
    needs(arguments.length, 2, 'digest');
    [algorithm, data] = [identifier(algorithm), source(data, 'data')];
    const { name } = normalize('digest', algorithm);
    return await bytesOf(c.digest(name, ...span(bytes(data))), name).buffer;
  }
  async generateKey(algorithm, extractable, keyUsages) {
    this.#real;
    needs(arguments.length, 3, 'generateKey');
    [algorithm, extractable, keyUsages] = [identifier(algorithm), Boolean(extractable), usageList(keyUsages)];
    const normalized = normalize('generateKey', algorithm);
    return await useful(WORK[normalized.name].generateKey(normalized, extractable, keyUsages));
  }
  async deriveBits(algorithm, baseKey, length = null) {
    this.#real;
    needs(arguments.length, 2, 'deriveBits');
    [algorithm, baseKey, length] = [identifier(algorithm), keyOf(baseKey, 'baseKey'), length === null ? null : length >>> 0];
    const normalized = normalize('deriveBits', algorithm);
    usable(baseKey, normalized.name, 'deriveBits');
    return await WORK[normalized.name].deriveBits(normalized, baseKey, length);
  }
  async deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages) {
    this.#real;
    needs(arguments.length, 5, 'deriveKey');
    [algorithm, baseKey, derivedKeyType] = [identifier(algorithm), keyOf(baseKey, 'baseKey'), identifier(derivedKeyType)];
    [extractable, keyUsages] = [Boolean(extractable), usageList(keyUsages)];
    const normalized = normalize('deriveBits', algorithm);
    const target = normalize('importKey', derivedKeyType);
    const length = normalize('get key length', derivedKeyType);
    usable(baseKey, normalized.name, 'deriveKey');
    const secret = WORK[normalized.name].deriveBits(normalized, baseKey, WORK[length.name].keyLength(length));
    return await importOf('raw', new Uint8Array(secret), target, extractable, keyUsages);
  }
  async importKey(format, keyData, algorithm, extractable, keyUsages) {
    this.#real;
    needs(arguments.length, 5, 'importKey');
    format = formatName(format);
    if (!isObject(keyData)) throw new TypeError('keyData: must be bytes or a JSON Web Key');
    const data = isBytes(keyData) ? keyData : jsonWebKey(keyData);
    [algorithm, extractable, keyUsages] = [identifier(algorithm), Boolean(extractable), usageList(keyUsages)];
    if ((format === 'jwk') === isBytes(data)) throw new TypeError(`keyData: format ${format} needs ${format === 'jwk' ? 'a JSON Web Key' : 'bytes'}`);
    const normalized = normalize('importKey', algorithm);
    return await importOf(format, format === 'jwk' ? data : bytes(data), normalized, extractable, keyUsages);
  }
  async exportKey(format, key) {
    this.#real;
    needs(arguments.length, 2, 'exportKey');
    return await extract(formatName(format), keyOf(key, 'key'), 'exportKey');
  }
  async wrapKey(format, key, wrappingKey, wrapAlgorithm) {
    this.#real;
    needs(arguments.length, 4, 'wrapKey');
    [format, key, wrappingKey] = [formatName(format), keyOf(key, 'key'), keyOf(wrappingKey, 'wrappingKey')];
    const [normalized, operation] = normalizeEither('wrapKey', 'encrypt', identifier(wrapAlgorithm));
    usable(wrappingKey, normalized.name, 'wrapKey');
    const plain = extract(format, key, 'wrapKey');
    const data = format === 'jwk' ? copyOf(host.utf8(JSON.stringify(plain))) : new Uint8Array(plain);
    return await WORK[normalized.name][operation](normalized, wrappingKey, data);
  }
  async unwrapKey(format, wrappedKey, unwrappingKey, unwrapAlgorithm, unwrappedKeyAlgorithm, extractable, keyUsages) {
    this.#real;
    needs(arguments.length, 7, 'unwrapKey');
    [format, wrappedKey, unwrappingKey] = [formatName(format), source(wrappedKey, 'wrappedKey'), keyOf(unwrappingKey, 'unwrappingKey')];
    [unwrapAlgorithm, unwrappedKeyAlgorithm] = [identifier(unwrapAlgorithm), identifier(unwrappedKeyAlgorithm)];
    [extractable, keyUsages] = [Boolean(extractable), usageList(keyUsages)];
    const [normalized, operation] = normalizeEither('unwrapKey', 'decrypt', unwrapAlgorithm);
    const target = normalize('importKey', unwrappedKeyAlgorithm);
    usable(unwrappingKey, normalized.name, 'unwrapKey');
    const plain = new Uint8Array(WORK[normalized.name][operation](normalized, unwrappingKey, bytes(wrappedKey)));
    return await importOf(format, format === 'jwk' ? parsed(plain) : plain, target, extractable, keyUsages);
  }
  /** Whether two byte sequences of the same length are equal, in a time that does not depend on where they differ; as Workers have it. */
  timingSafeEqual(a, b) {
    this.#real;
    return timingSafeEqual(a, b);
  }
}
tag(SubtleCrypto, 'SubtleCrypto');

function cipher(real, operation, count, algorithm, key, data) {
  needs(count, 3, operation);
  [algorithm, key, data] = [identifier(algorithm), keyOf(key, 'key'), source(data, 'data')];
  const normalized = normalize(operation, algorithm);
  usable(key, normalized.name, operation);
  return WORK[normalized.name][operation](normalized, key, bytes(data));
}

function parsed(utf8) {
  let value;
  try {
    value = JSON.parse(host.text(...span(utf8)));
  } catch {
    fail('DataError', 'unwrapKey: not a JSON Web Key');
  }
  if (!isObject(value)) fail('DataError', 'unwrapKey: not a JSON Web Key');
  const jwk = jsonWebKey(value);
  if (jwk.kty === undefined) fail('DataError', 'unwrapKey: the JSON Web Key has no kty');
  return jwk;
}

function timingSafeEqual(a, b) {
  const [x, y] = [bytes(source(a, 'a')), bytes(source(b, 'b'))];
  if (x.byteLength !== y.byteLength) throw new TypeError('timingSafeEqual: the lengths differ');
  return got(c.equal(...span(x), ...span(y)), 'timingSafeEqual');
}

/** A stream that digests what is written to it, as Workers have it. */
class DigestStream extends WritableStream {
  #digest;
  constructor(algorithm) {
    const { name } = normalize('digest', identifier(algorithm));
    const state = got(c.digester(name), name);
    const { promise, resolve, reject } = Promise.withResolvers();
    promise.catch(() => {});
    super({
      write(chunk) {
        const data = typeof chunk === 'string' ? copyOf(host.utf8(chunk)) : bytes(source(chunk, 'chunk'));
        got(c.feed(state, ...span(data)), name);
      },
      close() { resolve(bytesOf(c.finish(state), name).buffer); },
      abort(reason) { reject(reason); },
    });
    this.#digest = promise;
  }
  get digest() { return this.#digest; }
}
tag(DigestStream, 'DigestStream');

/** What node:crypto needs at once and without promises. */
const atOnce = Object.freeze({
  timingSafeEqual,
  hash(name) {
    const state = got(c.digester(name), name);
    return {
      update(data) { got(c.feed(state, ...span(bytes(source(data, 'data')))), name); },
      digest: () => bytesOf(c.finish(state), name),
    };
  },
  hmac(name, key, data) {
    const held = got(c.secret(...span(bytes(source(key, 'key')))), name);
    return bytesOf(c.hmac(name, held, ...span(bytes(source(data, 'data')))), name);
  },
  pbkdf2(name, password, salt, iterations, length) {
    const held = got(c.secret(...span(bytes(source(password, 'password')))), name);
    return bytesOf(c.pbkdf2(name, held, copied(source(salt, 'salt')), iterations, length), name);
  },
});

return { atOnce, SubtleCrypto, CryptoKey, subtle: new SubtleCrypto(making), timingSafeEqual, DigestStream };
