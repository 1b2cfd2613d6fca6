// Seconds of traffic as they come in, of a bounded number.

const KEPT_SECONDS = 180;
const LEAST_SECONDS = 30;

/** What a second was without any request. */
function nothing() {
  return { requests: 0, hits: 0, misses: 0, errors: 0, bytesOut: 0, p50: null, p99: null };
}

/** The last minutes of traffic, by second. */
export class Series {
  #points = new Map();
  #sites = new Map();
  #first = null;
  #last = null;

  /** Takes a record {at, sites, functions}; of one site only when `only` names it. */
  add(record, only = null) {
    const second = Math.floor(Date.parse(record.at) / 1000);
    if (!Number.isFinite(second)) {
      return;
    }
    const point = this.#points.get(second) ?? nothing();
    for (const site of record.sites ?? []) {
      if (only !== null && site.site !== only) {
        continue;
      }
      merge(point, site);
      const row = this.#sites.get(site.site) ?? nothing();
      merge(row, site);
      this.#sites.set(site.site, row);
    }
    this.#points.set(second, point);
    this.#first ??= second;
    this.#last = Math.max(this.#last ?? second, second);
    this.#forget();
  }

  /** Seconds without a record are seconds without traffic once the stream has said so. */
  tick(now) {
    if (this.#last !== null) {
      this.#last = Math.max(this.#last, Math.floor(now / 1000) - 2);
      this.#forget();
    }
  }

  #forget() {
    for (const second of this.#points.keys()) {
      if (second <= this.#last - KEPT_SECONDS) {
        this.#points.delete(second);
      }
    }
  }

  seconds() {
    return this.#first === null ? 0 : Math.min(KEPT_SECONDS, this.#last - this.#first + 1);
  }

  /** Times in milliseconds and what was then; null before the stream began. */
  shown() {
    const times = [];
    const points = [];
    if (this.#last === null) {
      return { times, points };
    }
    // A window that grows shows the first seconds better than a long empty one.
    const shown = Math.max(LEAST_SECONDS, this.seconds());
    for (let second = this.#last - shown + 1; second <= this.#last; second += 1) {
      times.push(second * 1000);
      points.push(second < this.#first ? null : (this.#points.get(second) ?? nothing()));
    }
    return { times, points };
  }

  sum() {
    const sum = nothing();
    for (const point of this.#points.values()) {
      merge(sum, { ...point, p50Millis: point.p50, p99Millis: point.p99 });
    }
    return sum;
  }

  /** Sites since the page was opened, those with most requests first. */
  sites() {
    return [...this.#sites].map(([site, row]) => ({ site, ...row })).sort((a, b) => b.requests - a.requests).slice(0, 20);
  }
}

/** Counts add up; of percentiles the highest stands, which is never too good. */
function merge(into, one) {
  for (const name of ["requests", "hits", "misses", "errors", "bytesOut"]) {
    into[name] += one[name] ?? 0;
  }
  if (one.requests > 0) {
    into.p50 = highest(into.p50, one.p50Millis);
    into.p99 = highest(into.p99, one.p99Millis);
  }
}

function highest(a, b) {
  return a === null ? (b ?? null) : Math.max(a, b ?? 0);
}
