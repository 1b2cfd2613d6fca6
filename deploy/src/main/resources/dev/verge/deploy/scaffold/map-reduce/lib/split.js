/**
 * Cuts text into at most so many parts of about the same length, between lines only; at least one.
 *
 * @param {string} text
 * @param {number} count
 */
export function parts(text, count) {
  const size = Math.ceil(text.length / count) || 1;
  const cut = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at + size - 1);
    cut.push(text.slice(at, end < 0 ? text.length : end + 1));
    at = end < 0 ? text.length : end + 1;
  }
  return cut.length === 0 ? [""] : cut;
}
