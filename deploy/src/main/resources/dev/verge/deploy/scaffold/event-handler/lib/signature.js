/**
 * Whether `signature` (hex) is the HMAC-SHA-256 of `body` under `key`.
 *
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {string} signature
 * @param {string} key
 */
export async function signed(body, signature, key) {
  if (!/^[0-9a-f]{64}$/i.test(signature) || !key) {
    return false;
  }
  const given = Uint8Array.from(signature.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const imported = await crypto.subtle.importKey("raw", new TextEncoder().encode(key), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  return crypto.subtle.verify("HMAC", imported, given, body);
}
