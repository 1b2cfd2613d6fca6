/**
 * What a part of the log has to tell, in a form that can be merged in any order.
 *
 * @typedef {{lines: number, refused: number, errors: number, paths: Record<string, number>, times: number[], steps: number[]}} Found
 */

/** Upper ends of the histogram's steps, in milliseconds: each is half more than the one before. */
const STEPS = Array.from({ length: 32 }, (_, step) => Math.round(1.5 ** step));

const LINE = /^[A-Z]+ (\/\S*) (\d{3}) (\d+(?:\.\d+)?)$/;

/**
 * @param {string} text
 * @returns {Found}
 */
function map(text) {
  /** @type {Found} */
  const found = { lines: 0, refused: 0, errors: 0, paths: {}, times: STEPS.map(() => 0), steps: STEPS };
  for (const line of text.split("\n")) {
    const read = LINE.exec(line.trim());
    if (read === null) {
      found.refused += line.trim() === "" ? 0 : 1;
      continue;
    }
    const [, path, status, milliseconds] = read;
    found.lines++;
    found.errors += status >= "500" ? 1 : 0;
    found.paths[path] = (found.paths[path] ?? 0) + 1;
    const step = STEPS.findIndex((end) => Number(milliseconds) <= end);
    found.times[step < 0 ? STEPS.length - 1 : step]++;
  }
  return found;
}

/** @type {ExportedHandler} */
export default {
  async fetch(request) {
    return Response.json(map(await request.text()));
  },
};
