const MOST_PATHS = 10;

/**
 * Two findings as one.
 *
 * @param {import("../worker/map.js").Found} one
 * @param {import("../worker/map.js").Found} other
 * @returns {import("../worker/map.js").Found}
 */
export function merged(one, other) {
  const paths = { ...one.paths };
  for (const [path, count] of Object.entries(other.paths)) {
    paths[path] = (paths[path] ?? 0) + count;
  }
  return {
    lines: one.lines + other.lines,
    refused: one.refused + other.refused,
    errors: one.errors + other.errors,
    paths,
    times: one.times.map((count, step) => count + other.times[step]),
    steps: one.steps,
  };
}

/**
 * What people want to read of it.
 *
 * @param {import("../worker/map.js").Found} found
 */
export function shown({ lines, refused, errors, paths, times, steps }) {
  const busiest = Object.entries(paths).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, MOST_PATHS);
  /** The upper end of the step that holds the quantile, in milliseconds; null of nothing. @param {number} share */
  const quantile = (share) => {
    let seen = 0;
    return steps.find((_, step) => lines > 0 && (seen += times[step]) >= lines * share) ?? null;
  };
  return { lines, refused, errors, p50: quantile(0.5), p95: quantile(0.95), busiest: Object.fromEntries(busiest) };
}
