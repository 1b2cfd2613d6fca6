// Web Cryptography: random values and digests.

class Crypto {
  getRandomValues(array) {
    if (!ArrayBuffer.isView(array) || array instanceof DataView || array instanceof Float32Array || array instanceof Float64Array) {
      throw new DOMException('getRandomValues: an array of integers is needed', 'TypeMismatchError');
    }
    if (array.byteLength > 65536) throw new DOMException('getRandomValues: more than 65536 bytes', 'QuotaExceededError');
    viewOf(array).set(copyOf(host.random(array.byteLength)));
    return array;
  }
  randomUUID() { return host.uuid(); }
  get subtle() { return subtle; }
}
class SubtleCrypto {
  async digest(algorithm, data) {
    const name = String(typeof algorithm === 'object' && algorithm !== null ? algorithm.name : algorithm).toUpperCase();
    if (!['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512', 'MD5'].includes(name)) {
      throw new DOMException(`digest: ${name.slice(0, 40)} is not available`, 'NotSupportedError');
    }
    const bytes = viewOf(data);
    if (!bytes) throw new TypeError('digest: the data must be an ArrayBuffer or a view');
    return copyOf(host.digest(name, bytes.buffer, bytes.byteOffset, bytes.byteLength)).buffer;
  }
}
tag(Crypto, 'Crypto');
tag(SubtleCrypto, 'SubtleCrypto');
const subtle = new SubtleCrypto();

for (const [name, value] of Object.entries({ Crypto, SubtleCrypto, crypto: new Crypto() })) expose(name, value);
