// How values are written for people.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function bytes(count) {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return "–";
  }
  if (Math.abs(value) >= 1e6) {
    return `${(value / 1e6).toFixed(1)} M`;
  }
  if (Math.abs(value) >= 1e4) {
    return `${(value / 1e3).toFixed(1)} k`;
  }
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 1 : 0);
}

export function percent(part, whole) {
  return whole > 0 ? `${((100 * part) / whole).toFixed(part === whole || part === 0 ? 0 : 1)} %` : "–";
}

export function millis(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return "–";
  }
  if (value === 0) {
    return "0 ms";
  }
  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

const STEPS = [
  [60, "second"],
  [3600, "minute", 60],
  [86400, "hour", 3600],
  [86400 * 60, "day", 86400],
  [86400 * 730, "month", 86400 * 30],
  [Infinity, "year", 86400 * 365],
];

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "3 minutes ago", "in 20 days". */
export function ago(instant, now = Date.now()) {
  if (!instant) {
    return "never";
  }
  const seconds = (Date.parse(instant) - now) / 1000;
  if (Math.abs(seconds) < 5) {
    return "just now";
  }
  const [, unit, size = 1] = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  return RELATIVE.format(Math.trunc(seconds / size), unit);
}

/** A point of time in the reader's zone, to the second. */
export function time(instant) {
  if (!instant) {
    return "–";
  }
  const at = new Date(instant);
  const two = (value) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export function clock(millisecondsSince1970) {
  return time(new Date(millisecondsSince1970).toISOString()).slice(11);
}

export function days(instant, now = Date.now()) {
  return Math.floor((Date.parse(instant) - now) / 86400000);
}

export function plural(count, word, many = `${word}s`) {
  return `${number(count)} ${count === 1 ? word : many}`;
}

export function shorten(text, most = 12) {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
