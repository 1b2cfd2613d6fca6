const text = new TextDecoder();
const bytes = new TextEncoder();

/** @param {string} part */
function decoded(part) {
  return Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

/**
 * The claims of a token, or null when it is not valid now. Takes HS256 alone, whatever the token's own header asks for.
 *
 * @param {string} token
 * @param {string} key
 * @param {number} now seconds since 1970
 * @returns {Promise<Record<string, any> | null>}
 */
export async function verified(token, key, now) {
  const parts = token.split(".");
  if (parts.length !== 3) {
    return null;
  }
  try {
    if (JSON.parse(text.decode(decoded(parts[0]))).alg !== "HS256") {
      return null;
    }
    const imported = await crypto.subtle.importKey("raw", bytes.encode(key), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    // Compares in constant time.
    if (!(await crypto.subtle.verify("HMAC", imported, decoded(parts[2]), bytes.encode(`${parts[0]}.${parts[1]}`)))) {
      return null;
    }
    const claims = JSON.parse(text.decode(decoded(parts[1])));
    const begun = claims.nbf === undefined || claims.nbf <= now;
    return begun && typeof claims.exp === "number" && now < claims.exp ? claims : null;
  } catch (malformed) {
    return null;
  }
}
