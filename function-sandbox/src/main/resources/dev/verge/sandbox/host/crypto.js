// Web Cryptography: random values. The rest is a part, loaded when `crypto.subtle` or one of its classes is first used.

const makingCrypto = Symbol('made by the platform');

class Crypto {
  #real = true;
  constructor() { if (arguments[0] !== makingCrypto) throw new TypeError('Illegal constructor'); }
  getRandomValues(array) {
    this.#real;
    needs(arguments.length, 1, 'getRandomValues');
    if (!ArrayBuffer.isView(array)) throw new TypeError('getRandomValues: an array of integers is needed');
    if (!/^(Big)?(Ui|I)nt/.test(typedArrayName.call(array))) {
      throw new DOMException('getRandomValues: an array of integers is needed', 'TypeMismatchError');
    }
    const view = viewOf(array);
    if (array.byteLength > 65536) throw new DOMException('getRandomValues: more than 65536 bytes', 'QuotaExceededError');
    view.set(copyOf(host.random(array.byteLength)));
    return array;
  }
  randomUUID() { this.#real; return host.uuid(); }
  get subtle() { this.#real; return part('crypto').subtle; }
  timingSafeEqual(a, b) { this.#real; return part('crypto').timingSafeEqual(a, b); }
  get DigestStream() { this.#real; return part('crypto').DigestStream; }
}
tag(Crypto, 'Crypto');

for (const [name, value] of Object.entries({ Crypto, crypto: new Crypto(makingCrypto) })) expose(name, value);
