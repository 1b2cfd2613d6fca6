/**
 * Asks one origin for JSON. Never throws: what went wrong is part of the answer.
 *
 * @param {string} url
 * @param {number} patience in milliseconds
 * @returns {Promise<{status: number, value: any, problem: string}>}
 */
export async function ask(url, patience) {
  try {
    const response = await fetch(url, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(patience) });
    if (!response.ok) {
      return { status: response.status, value: null, problem: `the origin says ${response.status}` };
    }
    return { status: response.status, value: await response.json(), problem: "" };
  } catch (error) {
    console.warn("no answer of", url, String(error));
    return { status: 0, value: null, problem: String(error) };
  }
}
