// Cases of the Web Cryptography API: a name, and what must hold. The answer lists the names of those that ran and of those that failed.
const { subtle } = crypto;
const unhex = (text) => new Uint8Array(text.replace(/\s/g, '').match(/../g)?.map((pair) => parseInt(pair, 16)) ?? []);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const utf8 = (text) => new TextEncoder().encode(text);
const unbase64 = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

const PLATFORM_CURVES = ['Ed25519', 'Ed448', 'X25519', 'X448'];

const cases = [];
const holds = (name, check) => cases.push([name, check]);
const gives = (name, make, expected) => holds(name, async () => {
  const got = await make();
  const shown = (got instanceof ArrayBuffer ? hex(got) : String(got)).replace(/\s/g, '');
  if (shown !== String(expected).replace(/\s/g, '')) throw new Error(`${shown} instead of ${expected}`);
});
const refuses = (name, make, expected) => holds(name, async () => {
  let got;
  try { got = await make(); } catch (error) {
    if (error.name !== expected) throw new Error(`${error.name} (${error.message}) instead of ${expected}`);
    if ((expected !== 'TypeError') !== error instanceof DOMException) throw new Error('of the wrong class');
    return;
  }
  throw new Error(`gave ${got} instead of ${expected}`);
});
const raw = (bytes, algorithm, ...usages) => subtle.importKey('raw', bytes, algorithm, algorithm !== 'HKDF' && algorithm !== 'PBKDF2', usages);

// Digests (FIPS 180-4 examples).
gives('digest SHA-1', () => subtle.digest('sha-1', utf8('abc')), 'a9993e364706816aba3e25717850c26c9cd0d89d');
gives('digest SHA-256', () => subtle.digest('SHA-256', utf8('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
gives('digest SHA-512 of nothing', () => subtle.digest({ name: 'SHA-512' }, new ArrayBuffer(0)),
  'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e');
gives('digest of a part of a buffer', async () => hex(await subtle.digest('SHA-384', utf8('xabcx').subarray(1, 4))).slice(0, 16), 'cb00753f45a35e8b');
refuses('digest unknown', () => subtle.digest('SHA-3', utf8('')), 'NotSupportedError');
gives('digest MD5', () => subtle.digest('MD5', utf8('abc')), '900150983cd24fb0d6963f7d28e17f72');
refuses('HMAC with MD5', () => subtle.generateKey({ name: 'HMAC', hash: 'MD5' }, true, ['sign']), 'NotSupportedError');
refuses('digest of a string', () => subtle.digest('SHA-1', 'abc'), 'TypeError');
refuses('digest without a name', () => subtle.digest({}, utf8('')), 'TypeError');

// HMAC (RFC 4231 §4.2, §4.3; RFC 7515 §A.1).
const jefe = (hash) => raw(utf8('Jefe'), { name: 'HMAC', hash }, 'sign', 'verify');
const want = utf8('what do ya want for nothing?');
gives('HMAC SHA-256', async () => subtle.sign('HMAC', await jefe('SHA-256'), want), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
gives('HMAC SHA-384', async () => subtle.sign('hmac', await jefe('SHA-384'), want),
  'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649');
gives('HMAC SHA-512', async () => subtle.sign('HMAC', await jefe('SHA-512'), want), `164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554
  9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737`);
const jws = 'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
const jwsKey = { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow' };
gives('HMAC verifies a JSON Web Signature', async () => subtle.verify('HMAC',
  await subtle.importKey('jwk', jwsKey, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']),
  unbase64('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'), utf8(jws)), true);
gives('HMAC refuses a changed code', async () => subtle.verify('HMAC', await jefe('SHA-256'), new Uint8Array(32), want), false);
gives('HMAC refuses a short code', async () => subtle.verify('HMAC', await jefe('SHA-256'), new Uint8Array(3), want), false);
gives('HMAC exports a JSON Web Key', async () => { const k = await subtle.exportKey('jwk', await jefe('SHA-256')); return [k.kty, k.alg, k.k, k.ext, k.key_ops].join(); }, 'oct,HS256,SmVmZQ,true,sign,verify');
gives('HMAC key as long as the block', async () => (await subtle.generateKey({ name: 'HMAC', hash: 'SHA-512' }, true, ['sign'])).algorithm.length, 1024);
refuses('HMAC empty key', () => raw(new Uint8Array(0), { name: 'HMAC', hash: 'SHA-256' }, 'sign'), 'DataError');
refuses('HMAC wrong alg', () => subtle.importKey('jwk', { ...jwsKey, alg: 'HS512' }, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']), 'DataError');
refuses('HMAC padded k', () => subtle.importKey('jwk', { kty: 'oct', k: 'AA==' }, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']), 'DataError');
refuses('HMAC without usages', () => raw(utf8('k'), { name: 'HMAC', hash: 'SHA-256' }), 'SyntaxError');
refuses('HMAC with a foreign usage', () => raw(utf8('k'), { name: 'HMAC', hash: 'SHA-256' }, 'encrypt'), 'SyntaxError');
refuses('a usage that is none', () => raw(utf8('k'), { name: 'HMAC', hash: 'SHA-256' }, 'shout'), 'TypeError');
refuses('HMAC length out of range', () => subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: -1 }, true, ['sign']), 'TypeError');
refuses('HMAC length 0', () => subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 0 }, true, ['sign']), 'OperationError');
refuses('HMAC huge length', () => subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 2 ** 31 }, true, ['sign']), 'OperationError');

// AES.
const aes = (name, key) => raw(unhex(key), name, 'encrypt', 'decrypt');
const gcmKey = 'feffe9928665731c6d6a8f9467308308';
const gcmPlain = `d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39`;
const gcmParameters = { name: 'AES-GCM', iv: unhex('cafebabefacedbaddecaf888'), additionalData: unhex('feedfacedeadbeeffeedfacedeadbeefabaddad2') };
const gcmCipher = '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091';
const gcmTag = '5bc94fbc3221a5db94fae95ae7121a47';
gives('AES-GCM (NIST test case 4)', async () => subtle.encrypt(gcmParameters, await aes('AES-GCM', gcmKey), unhex(gcmPlain)), gcmCipher + gcmTag);
for (const tagLength of [32, 64, 96, 104, 112, 120, 128]) {
  const sealed = gcmCipher + gcmTag.slice(0, tagLength / 4);
  gives(`AES-GCM seals with a tag of ${tagLength} bits`, async () => subtle.encrypt({ ...gcmParameters, tagLength }, await aes('AES-GCM', gcmKey), unhex(gcmPlain)), sealed);
  gives(`AES-GCM opens with a tag of ${tagLength} bits`, async () => subtle.decrypt({ ...gcmParameters, tagLength }, await aes('AES-GCM', gcmKey), unhex(sealed)), gcmPlain);
  refuses(`AES-GCM refuses a broken tag of ${tagLength} bits`, async () => subtle.decrypt({ ...gcmParameters, tagLength }, await aes('AES-GCM', gcmKey), unhex('00' + sealed.slice(2))), 'OperationError');
}
gives('AES-GCM with an iv of 60 bytes (NIST test case 6)', async () => hex(await subtle.encrypt({ ...gcmParameters, iv: unhex(`9313225df88406e555909c5aff5269aa
  6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b`) }, await aes('AES-GCM', gcmKey), unhex(gcmPlain))).slice(-32),
'619cc5aefffe0bfa462af43c1699d050');
refuses('AES-GCM tag of 127 bits', async () => subtle.encrypt({ ...gcmParameters, tagLength: 127 }, await aes('AES-GCM', gcmKey), unhex('')), 'OperationError');
refuses('AES-GCM shorter than its tag', async () => subtle.decrypt(gcmParameters, await aes('AES-GCM', gcmKey), unhex('0011')), 'OperationError');
refuses('AES-GCM without iv', async () => subtle.encrypt({ name: 'AES-GCM' }, await aes('AES-GCM', gcmKey), unhex('')), 'TypeError');
const nist = '2b7e151628aed2a6abf7158809cf4f3c';
gives('AES-CBC (SP 800-38A F.2.1)', async () => hex(await subtle.encrypt({ name: 'AES-CBC', iv: unhex('000102030405060708090a0b0c0d0e0f') },
  await aes('AES-CBC', nist), unhex('6bc1bee22e409f96e93d7e117393172a'))).slice(0, 32), '7649abac8119b246cee98e9b12e9197d');
gives('AES-CBC opens', async () => subtle.decrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, await aes('AES-CBC', nist),
  await subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, await aes('AES-CBC', nist), unhex('0102'))), '0102');
refuses('AES-CBC short iv', async () => subtle.encrypt({ name: 'AES-CBC', iv: new Uint8Array(15) }, await aes('AES-CBC', nist), unhex('')), 'OperationError');
refuses('AES-CBC broken padding', async () => subtle.decrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, await aes('AES-CBC', nist), new Uint8Array(16)), 'OperationError');
refuses('AES-CBC nothing to decrypt', async () => subtle.decrypt({ name: 'AES-CBC', iv: new Uint8Array(16) }, await aes('AES-CBC', nist), new Uint8Array(0)), 'OperationError');
const counter = unhex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
gives('AES-CTR (SP 800-38A F.5.1)', async () => subtle.encrypt({ name: 'AES-CTR', counter, length: 128 }, await aes('AES-CTR', nist),
  unhex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51')), '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff');
gives('AES-CTR wraps the counted bits only', async () => {
  const key = await aes('AES-CTR', nist);
  const wrapped = hex(await subtle.encrypt({ name: 'AES-CTR', counter, length: 8 }, key, new Uint8Array(32)));
  const next = hex(await subtle.encrypt({ name: 'AES-CTR', counter: unhex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfe00'), length: 8 }, key, new Uint8Array(16)));
  return wrapped.slice(32) === next;
}, true);
refuses('AES-CTR more data than counts', async () => subtle.encrypt({ name: 'AES-CTR', counter, length: 1 }, await aes('AES-CTR', nist), new Uint8Array(33)), 'OperationError');
refuses('AES-CTR length 0', async () => subtle.encrypt({ name: 'AES-CTR', counter, length: 0 }, await aes('AES-CTR', nist), new Uint8Array(3)), 'OperationError');
refuses('AES-CTR length 256', async () => subtle.encrypt({ name: 'AES-CTR', counter, length: 256 }, await aes('AES-CTR', nist), new Uint8Array(3)), 'TypeError');
gives('AES-KW (RFC 3394 §4.1)', async () => subtle.wrapKey('raw', await aes('AES-CBC', '00112233445566778899aabbccddeeff'),
  await raw(unhex('000102030405060708090a0b0c0d0e0f'), 'AES-KW', 'wrapKey', 'unwrapKey'), 'AES-KW'), '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5');
gives('AES-KW unwraps (RFC 3394 §4.1)', async () => subtle.exportKey('raw', await subtle.unwrapKey('raw', unhex('1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5'),
  await raw(unhex('000102030405060708090a0b0c0d0e0f'), 'AES-KW', 'wrapKey', 'unwrapKey'), 'AES-KW', 'AES-GCM', true, ['encrypt'])), '00112233445566778899aabbccddeeff');
refuses('AES-KW changed', async () => subtle.unwrapKey('raw', unhex('0fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5'),
  await raw(unhex('000102030405060708090a0b0c0d0e0f'), 'AES-KW', 'wrapKey', 'unwrapKey'), 'AES-KW', 'AES-GCM', true, ['encrypt']), 'OperationError');
refuses('AES key of 100 bits', () => subtle.generateKey({ name: 'AES-GCM', length: 100 }, true, ['encrypt']), 'OperationError');
refuses('AES raw key of 5 bytes', () => raw(new Uint8Array(5), 'AES-GCM', 'encrypt'), 'DataError');
refuses('key of another algorithm', async () => subtle.encrypt(gcmParameters, await aes('AES-CBC', nist), unhex('')), 'InvalidAccessError');
refuses('usage that the key lacks', async () => subtle.decrypt(gcmParameters, await raw(unhex(nist), 'AES-GCM', 'encrypt'), unhex('')), 'InvalidAccessError');
refuses('export of what is not extractable', async () => subtle.exportKey('raw', await subtle.importKey('raw', unhex(nist), 'AES-GCM', false, ['encrypt'])), 'InvalidAccessError');
refuses('a format that is none', () => subtle.importKey('pem', unhex(nist), 'AES-GCM', true, ['encrypt']), 'TypeError');
refuses('a format that the kind lacks', () => subtle.importKey('spki', unhex(nist), 'AES-GCM', true, ['encrypt']), 'NotSupportedError');
refuses('bytes as jwk', () => subtle.importKey('jwk', unhex(nist), 'AES-GCM', true, ['encrypt']), 'TypeError');
refuses('jwk as raw', () => subtle.importKey('raw', jwsKey, 'AES-GCM', true, ['encrypt']), 'TypeError');

// HKDF (RFC 5869 §A.1, §A.3), PBKDF2 (RFC 6070, RFC 7914 §11).
gives('HKDF', async () => subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: unhex('000102030405060708090a0b0c'), info: unhex('f0f1f2f3f4f5f6f7f8f9') },
  await raw(unhex('0b'.repeat(22)), 'HKDF', 'deriveBits'), 336), '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865');
gives('HKDF without salt', async () => subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: unhex(''), info: unhex('') },
  await raw(unhex('0b'.repeat(22)), 'HKDF', 'deriveBits'), 336), '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8');
const pbkdf2 = (hash, iterations, bits) => async () => subtle.deriveBits({ name: 'PBKDF2', hash, iterations, salt: utf8('salt') },
  await raw(utf8(hash === 'SHA-1' ? 'password' : 'passwd'), 'PBKDF2', 'deriveBits', 'deriveKey'), bits);
gives('PBKDF2 SHA-1, 1', pbkdf2('SHA-1', 1, 160), '0c60c80f961f0e71f3a9b524af6012062fe037a6');
gives('PBKDF2 SHA-1, 4096', pbkdf2('SHA-1', 4096, 160), '4b007901b765489abead49d926f721d065a429c1');
gives('PBKDF2 SHA-256, two blocks', pbkdf2('SHA-256', 1, 512), `55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc
  49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783`);
gives('PBKDF2 no bits', pbkdf2('SHA-256', 1, 0), '');
refuses('PBKDF2 no iterations', pbkdf2('SHA-256', 0, 256), 'OperationError');
refuses('PBKDF2 odd bits', pbkdf2('SHA-256', 1, 9), 'OperationError');
refuses('PBKDF2 no length', pbkdf2('SHA-256', 1, null), 'OperationError');
refuses('PBKDF2 too much', pbkdf2('SHA-256', 1, 8 * 65537), 'OperationError');
refuses('PBKDF2 extractable', () => subtle.importKey('raw', utf8('p'), 'PBKDF2', true, ['deriveBits']), 'SyntaxError');
gives('PBKDF2 derives a key', async () => subtle.exportKey('raw', await subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-1', iterations: 1, salt: utf8('salt') },
  await raw(utf8('password'), 'PBKDF2', 'deriveKey'), { name: 'AES-CBC', length: 128 }, true, ['encrypt'])), '0c60c80f961f0e71f3a9b524af601206');
refuses('HKDF more than it gives', async () => subtle.deriveBits({ name: 'HKDF', hash: 'SHA-1', salt: unhex(''), info: unhex('') },
  await raw(unhex('0b'), 'HKDF', 'deriveBits'), 255 * 160 + 8), 'OperationError');

// Curves: RFC 8032 §7.1, RFC 7748 §6.1, RFC 7515 §A.3, RFC 8037 §A.
const edSeed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const edPublic = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const edSignature = 'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';
const edPrivate = () => subtle.importKey('pkcs8', unhex('302e020100300506032b657004220420' + edSeed), 'Ed25519', true, ['sign']);
gives('Ed25519 signs', async () => subtle.sign('Ed25519', await edPrivate(), new Uint8Array(0)), edSignature);
gives('Ed25519 verifies', async () => subtle.verify('Ed25519', await raw(unhex(edPublic), 'Ed25519', 'verify'), unhex(edSignature), new Uint8Array(0)), true);
gives('Ed25519 refuses', async () => subtle.verify('Ed25519', await raw(unhex(edPublic), 'Ed25519', 'verify'), unhex(edSignature), new Uint8Array(1)), false);
gives('Ed25519 exports', async () => { const k = await subtle.exportKey('jwk', await edPrivate()); return [k.kty, k.crv, k.d, k.x].join(); },
  'OKP,Ed25519,nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A,11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
gives('Ed25519 refuses a key of small order', async () => subtle.verify('Ed25519', await raw(unhex('01' + '00'.repeat(31)), 'Ed25519', 'verify'),
  unhex('01' + '00'.repeat(63)), new Uint8Array(0)), false);
refuses('Ed25519 with a foreign public key', () => subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', x: 'A'.repeat(43) }, 'Ed25519', true, ['sign']), 'DataError');
refuses('Ed25519 of 31 bytes', () => raw(new Uint8Array(31), 'Ed25519', 'verify'), 'DataError');
refuses('Ed25519 alg', () => subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', alg: 'ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }, 'Ed25519', true, ['verify']), 'DataError');
refuses('a public key signs', async () => subtle.sign('Ed25519', await raw(unhex(edPublic), 'Ed25519', 'verify'), unhex('')), 'InvalidAccessError');
const alice = (...usages) => subtle.importKey('pkcs8', unhex('302e020100300506032b656e0422042077076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
  'X25519', true, usages);
const bob = () => raw(unhex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'), 'X25519');
const agreed = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
const x25519 = (bits) => async () => subtle.deriveBits({ name: 'X25519', public: await bob() }, await alice('deriveBits'), bits);
gives('X25519 agrees', x25519(256), agreed);
gives('X25519 gives all without a length', x25519(null), agreed);
gives('X25519 gives the first bits', x25519(12), '4a50');
refuses('X25519 more bits than there are', x25519(264), 'OperationError');
gives('X25519 public key of a private one', async () => (await subtle.exportKey('jwk', await alice('deriveKey'))).x, 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo');
refuses('X25519 with a point of small order', async () => subtle.deriveBits({ name: 'X25519', public: await raw(new Uint8Array(32), 'X25519') }, await alice('deriveBits'), 256), 'OperationError');
refuses('X25519 with its own private key', async () => { const a = await alice('deriveBits'); return subtle.deriveBits({ name: 'X25519', public: a }, a, 256); }, 'InvalidAccessError');
const es256 = { kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' };
const es256d = { ...es256, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' };
const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };
gives('ECDSA verifies a JSON Web Signature', async () => subtle.verify(ES256, await subtle.importKey('jwk', es256, P256, true, ['verify']),
  unbase64('DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'),
  utf8('eyJhbGciOiJFUzI1NiJ9.' + jws.split('.')[1])), true);
gives('ECDSA refuses', async () => subtle.verify(ES256, await subtle.importKey('jwk', es256, P256, true, ['verify']), new Uint8Array(64), utf8('')), false);
gives('EC public key of a private one', async () => {
  const full = await subtle.exportKey('pkcs8', await subtle.importKey('jwk', es256d, P256, true, ['sign']));
  // The same without its public key, which is derived.
  const short = unhex('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420' + hex(unbase64(es256d.d)));
  const again = await subtle.exportKey('jwk', await subtle.importKey('pkcs8', short, P256, true, ['sign']));
  return hex(full).endsWith(hex(unbase64(es256.y))) && again.x === es256.x && again.y === es256.y && again.d === es256d.d;
}, true);
gives('EC compressed point', async () => hex(await subtle.exportKey('raw', await raw(unhex('03' + hex(unbase64(es256.x))), P256, 'verify'))).endsWith(hex(unbase64(es256.y))), true);
refuses('EC point off the curve', () => raw(unhex('04' + '01'.repeat(64)), P256, 'verify'), 'DataError');
refuses('EC foreign public key', async () => {
  const other = await subtle.exportKey('jwk', (await subtle.generateKey(P256, true, ['sign', 'verify'])).publicKey);
  return subtle.importKey('jwk', { ...es256d, x: other.x, y: other.y }, P256, true, ['sign']);
}, 'DataError');
refuses('EC other curve', () => subtle.importKey('jwk', es256, { name: 'ECDSA', namedCurve: 'P-384' }, true, ['verify']), 'DataError');
refuses('EC unknown curve', () => subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-257' }, true, ['sign']), 'NotSupportedError');
refuses('EC without a curve', () => subtle.generateKey({ name: 'ECDSA' }, true, ['sign']), 'TypeError');
refuses('EC short member', () => subtle.importKey('jwk', { ...es256, x: 'AA' }, P256, true, ['verify']), 'DataError');
refuses('EC private key without use', () => subtle.generateKey(P256, true, ['verify']), 'SyntaxError');
refuses('EC not extractable', async () => subtle.exportKey('pkcs8', (await subtle.generateKey(P256, false, ['sign', 'verify'])).privateKey), 'InvalidAccessError');
refuses('EC public key as pkcs8', async () => subtle.exportKey('pkcs8', (await subtle.generateKey(P256, false, ['sign', 'verify'])).publicKey), 'InvalidAccessError');
for (const [namedCurve, hash, length] of [['P-256', 'SHA-1', 64], ['P-384', 'SHA-384', 96], ['P-521', 'SHA-512', 132]]) {
  holds(`ECDSA round trip on ${namedCurve}`, async () => {
    const algorithm = { name: 'ECDSA', namedCurve };
    const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const open = await subtle.importKey('spki', await subtle.exportKey('spki', pair.publicKey), algorithm, true, ['verify']);
    const secret = await subtle.importKey('pkcs8', await subtle.exportKey('pkcs8', pair.privateKey), algorithm, true, ['sign']);
    const signature = await subtle.sign({ name: 'ECDSA', hash }, secret, want);
    if (signature.byteLength !== length) throw new Error(`${signature.byteLength} bytes`);
    if (!(await subtle.verify({ name: 'ECDSA', hash }, open, signature, want))) throw new Error('not verified');
  });
  holds(`ECDH round trip on ${namedCurve}`, async () => {
    const algorithm = { name: 'ECDH', namedCurve };
    const [a, b] = [await subtle.generateKey(algorithm, true, ['deriveBits']), await subtle.generateKey(algorithm, true, ['deriveKey', 'deriveBits'])];
    const one = hex(await subtle.deriveBits({ name: 'ECDH', public: b.publicKey }, a.privateKey, 256));
    const two = hex(await subtle.exportKey('raw', await subtle.deriveKey({ name: 'ECDH', public: a.publicKey }, b.privateKey, { name: 'AES-GCM', length: 256 }, true, ['encrypt'])));
    if (one !== two) throw new Error('they differ');
  });
}
for (const name of PLATFORM_CURVES) {
  holds(`${name} round trip`, async () => {
    const signs = name.startsWith('Ed');
    const pair = await subtle.generateKey({ name }, true, signs ? ['sign', 'verify'] : ['deriveBits']);
    const jwk = await subtle.exportKey('jwk', pair.privateKey);
    const again = await subtle.importKey('jwk', jwk, name, true, signs ? ['sign'] : ['deriveBits']);
    if (hex(await subtle.exportKey('pkcs8', again)) !== hex(await subtle.exportKey('pkcs8', pair.privateKey))) throw new Error('pkcs8 differs');
    if (signs && !(await subtle.verify(name, pair.publicKey, await subtle.sign(name, again, want), want))) throw new Error('not verified');
    if (!signs && (await subtle.deriveBits({ name, public: pair.publicKey }, again, null)).byteLength < 32) throw new Error('too short');
  });
}

// RSA (RFC 7515 §A.2), with the key of that appendix.
const rs256 = { kty: 'RSA', e: 'AQAB',
  n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
  d: 'Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ',
  p: '4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc',
  q: 'uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc',
  dp: 'BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0',
  dq: 'h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU',
  qi: 'IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U' };
const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const rsaUsages = { 'RSA-OAEP': ['decrypt', 'unwrapKey'], 'RSA-PSS': ['sign'], 'RSASSA-PKCS1-v1_5': ['sign'] };
const rsaPublic = (name, hash = 'SHA-256') => subtle.importKey('jwk', { kty: 'RSA', n: rs256.n, e: rs256.e }, { name, hash }, true, name === 'RSA-OAEP' ? ['encrypt', 'wrapKey'] : ['verify']);
const rsaPrivate = (name, hash = 'SHA-256') => subtle.importKey('jwk', rs256, { name, hash }, true, rsaUsages[name]);
const jwsSignature = 'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw';
gives('RSASSA-PKCS1-v1_5 signs a JSON Web Signature', async () => hex(await subtle.sign(RS256.name, await rsaPrivate(RS256.name), utf8('eyJhbGciOiJSUzI1NiJ9.' + jws.split('.')[1])))
  === hex(unbase64(jwsSignature)), true);
gives('RSASSA-PKCS1-v1_5 verifies', async () => subtle.verify(RS256.name, await rsaPublic(RS256.name), unbase64(jwsSignature), utf8('eyJhbGciOiJSUzI1NiJ9.' + jws.split('.')[1])), true);
gives('RSASSA-PKCS1-v1_5 refuses a short signature', async () => subtle.verify(RS256.name, await rsaPublic(RS256.name), new Uint8Array(5), want), false);
gives('RSA-PSS round trip', async () => subtle.verify({ name: 'RSA-PSS', saltLength: 32 }, await rsaPublic('RSA-PSS'), await subtle.sign({ name: 'RSA-PSS', saltLength: 32 }, await rsaPrivate('RSA-PSS'), want), want), true);
gives('RSA-PSS refuses another salt length', async () => subtle.verify({ name: 'RSA-PSS', saltLength: 20 }, await rsaPublic('RSA-PSS'), await subtle.sign({ name: 'RSA-PSS', saltLength: 32 }, await rsaPrivate('RSA-PSS'), want), want), false);
gives('RSA-PSS without salt', async () => subtle.verify({ name: 'RSA-PSS', saltLength: 0 }, await rsaPublic('RSA-PSS', 'SHA-512'), await subtle.sign({ name: 'RSA-PSS', saltLength: 0 }, await rsaPrivate('RSA-PSS', 'SHA-512'), want), want), true);
refuses('RSA-PSS salt too long', async () => subtle.sign({ name: 'RSA-PSS', saltLength: 300 }, await rsaPrivate('RSA-PSS'), want), 'OperationError');
gives('RSA-OAEP round trip with a label', async () => subtle.decrypt({ name: 'RSA-OAEP', label: want }, await rsaPrivate('RSA-OAEP', 'SHA-1'),
  await subtle.encrypt({ name: 'RSA-OAEP', label: want }, await rsaPublic('RSA-OAEP', 'SHA-1'), unhex('0102'))), '0102');
refuses('RSA-OAEP another label', async () => subtle.decrypt('RSA-OAEP', await rsaPrivate('RSA-OAEP'), await subtle.encrypt({ name: 'RSA-OAEP', label: want }, await rsaPublic('RSA-OAEP'), unhex('0102'))), 'OperationError');
refuses('RSA-OAEP too long', async () => subtle.encrypt('RSA-OAEP', await rsaPublic('RSA-OAEP'), new Uint8Array(200)), 'OperationError');
gives('RSA-OAEP wraps a JSON Web Key', async () => {
  const wrapped = await subtle.wrapKey('jwk', await aes('AES-CBC', nist), await rsaPublic('RSA-OAEP'), 'RSA-OAEP');
  return hex(await subtle.exportKey('raw', await subtle.unwrapKey('jwk', wrapped, await rsaPrivate('RSA-OAEP'), 'RSA-OAEP', 'AES-CBC', true, ['encrypt', 'decrypt'])));
}, nist);
gives('RSA round trips', async () => {
  const key = await rsaPrivate('RSA-PSS');
  const jwk = await subtle.exportKey('jwk', await subtle.importKey('pkcs8', await subtle.exportKey('pkcs8', key), { name: 'RSA-PSS', hash: 'SHA-256' }, true, ['sign']));
  const { modulusLength, publicExponent } = key.algorithm;
  return [jwk.alg, modulusLength, publicExponent, ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'].every((member) => jwk[member] === rs256[member])].join();
}, 'PS256,2048,1,0,1,true');
refuses('RSA with other primes', () => subtle.importKey('jwk', { ...rs256, p: rs256.q }, RS256, true, ['sign']), 'DataError');
refuses('RSA without primes', () => subtle.importKey('jwk', { kty: 'RSA', n: rs256.n, e: rs256.e, d: rs256.d }, RS256, true, ['sign']), 'DataError');
refuses('RSA alg of another hash', () => subtle.importKey('jwk', { ...rs256, alg: 'RS512' }, RS256, true, ['sign']), 'DataError');
refuses('RSA exponent 4', () => subtle.generateKey({ ...RS256, modulusLength: 2048, publicExponent: unhex('04') }, true, ['sign']), 'OperationError');
refuses('RSA modulus of 100,000 bits', () => subtle.generateKey({ ...RS256, modulusLength: 100000, publicExponent: unhex('010001') }, true, ['sign']), 'OperationError');
refuses('RSA exponent as a list', () => subtle.generateKey({ ...RS256, modulusLength: 2048, publicExponent: [1, 0, 1] }, true, ['sign']), 'TypeError');
gives('RSA generates', async () => {
  const { privateKey, publicKey } = await subtle.generateKey({ ...RS256, modulusLength: 1024, publicExponent: unhex('010001') }, false, ['sign', 'verify']);
  return [privateKey.type, privateKey.extractable, privateKey.usages, publicKey.extractable, publicKey.usages, privateKey.algorithm.modulusLength,
    await subtle.verify(RS256.name, publicKey, await subtle.sign(RS256.name, privateKey, want), want)].join();
}, 'private,false,sign,true,verify,1024,true');

// Objects.
gives('random values of all kinds of integers', () => [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array]
  .every((Kind) => { const a = new Kind(8); return crypto.getRandomValues(a) === a && a.some((item) => item != 0); }), true);
gives('random values fill the part of a buffer', () => { const b = new Uint8Array(64); crypto.getRandomValues(b.subarray(16, 48)); return hex(b.slice(0, 16)) + hex(b.slice(48)); }, '00'.repeat(32));
refuses('random floats', () => crypto.getRandomValues(new Float32Array(1)), 'TypeMismatchError');
refuses('random view', () => crypto.getRandomValues(new DataView(new ArrayBuffer(1))), 'TypeMismatchError');
refuses('random too much', () => crypto.getRandomValues(new Uint8Array(65537)), 'QuotaExceededError');
refuses('random nothing', () => crypto.getRandomValues(), 'TypeError');
gives('random UUID', () => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), true);
for (const make of [() => new Crypto(), () => new SubtleCrypto(), () => new CryptoKey()]) refuses(`constructor ${make}`, make, 'TypeError');
refuses('a method of another object', () => SubtleCrypto.prototype.digest.call({}, 'SHA-1', utf8('')), 'TypeError');
refuses('too few arguments', () => subtle.digest('SHA-1'), 'TypeError');
gives('a key is what it shows', async () => { const key = await aes('AES-GCM', nist); key.usages.push('sign'); key.algorithm.name = 'HMAC';
  return [key, key.type, key.extractable, (await subtle.encrypt(gcmParameters, key, unhex(''))).byteLength].join(); }, '[objectCryptoKey],secret,true,16');
gives('nothing of a key can be reached', async () => { const key = await aes('AES-GCM', nist);
  return [Object.getOwnPropertyNames(key), Object.getOwnPropertySymbols(key), JSON.stringify(key)].join(); }, ',,{}');

export default {
  async fetch() {
    const failures = [];
    for (const [name, check] of cases) {
      try { await check(); } catch (error) { failures.push(`${name}: ${error?.message ?? error}`); }
    }
    return Response.json({ ran: cases.map(([name]) => name), failures });
  },
};
