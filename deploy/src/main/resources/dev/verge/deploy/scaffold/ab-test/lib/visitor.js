const COOKIE = /(?:^|;\s*)visitor=([0-9a-f-]{36})(?:;|$)/;

/**
 * Who asks, as an earlier answer called them; null for somebody new.
 *
 * @param {Request} request
 */
export function visitorOf(request) {
  return COOKIE.exec(request.headers.get("cookie") ?? "")?.[1] ?? null;
}

/**
 * The same visitor gets the same variant at every node, with nothing stored anywhere: it follows from a hash.
 *
 * @param {string} experiment
 * @param {string} visitor
 * @param {number} share percent of visitors who get b
 * @returns {Promise<"a" | "b">}
 */
export async function variantOf(experiment, visitor, share) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${experiment}/${visitor}`));
  return new DataView(hash).getUint32(0) / 2 ** 32 * 100 < share ? "b" : "a";
}
