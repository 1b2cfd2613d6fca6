// User Timing (Level 3) and PerformanceEntry. Entries stay until they are cleared, the oldest goes when there are too many.

const { DOMException, dictionary, needs, tag, isObject, internal, performanceNow } = shared;
const MAX_ENTRIES = 1000;
const entries = [];

class PerformanceEntry {
  #name; #type; #start; #duration;
  constructor(key = undefined, name = undefined, type = undefined, start = undefined, duration = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    this.#name = name;
    this.#type = type;
    this.#start = start;
    this.#duration = duration;
  }
  get name() { return this.#name; }
  get entryType() { return this.#type; }
  get startTime() { return this.#start; }
  get duration() { return this.#duration; }
  toJSON() { return { name: this.#name, entryType: this.#type, startTime: this.#start, duration: this.#duration }; }
}
tag(PerformanceEntry, 'PerformanceEntry');

const cloned = (detail) => (detail === undefined || detail === null ? null : shared.structuredClone(detail));

class PerformanceMark extends PerformanceEntry {
  #detail;
  constructor(markName, markOptions = undefined) {
    needs(arguments.length, 1, 'PerformanceMark');
    const { detail, startTime } = dictionary(markOptions, 'PerformanceMark');
    const start = startTime === undefined ? performanceNow() : timestamp(startTime);
    super(internal, `${markName}`, 'mark', start, 0);
    this.#detail = cloned(detail);
  }
  get detail() { return this.#detail; }
  toJSON() { return { ...super.toJSON(), detail: this.#detail }; }
}
tag(PerformanceMark, 'PerformanceMark');

class PerformanceMeasure extends PerformanceEntry {
  #detail;
  constructor(key = undefined, name = undefined, start = undefined, duration = undefined, detail = undefined) {
    super(key, name, 'measure', start, duration);
    this.#detail = detail;
  }
  get detail() { return this.#detail; }
  toJSON() { return { ...super.toJSON(), detail: this.#detail }; }
}
tag(PerformanceMeasure, 'PerformanceMeasure');

function timestamp(value) {
  const time = Number(value);
  if (!Number.isFinite(time)) throw new TypeError('A time must be a finite number');
  if (time < 0) throw new TypeError('A time must not be negative');
  return time;
}

function add(entry) {
  if (entries.length >= MAX_ENTRIES) entries.shift();
  entries.push(entry);
  return entry;
}

/** The time of a mark's name, or a time itself. */
function timeOf(value) {
  if (typeof value === 'number') return timestamp(value);
  const name = `${value}`;
  const mark = entries.findLast((entry) => entry.entryType === 'mark' && entry.name === name);
  if (mark === undefined) throw new DOMException(`measure: there is no mark ${name.slice(0, 100)}`, 'SyntaxError');
  return mark.startTime;
}

function mark(name, options) { return add(new PerformanceMark(name, options)); }

function measure(name, startOrOptions, endMark) {
  const options = isObject(startOrOptions) ? startOrOptions : undefined;
  const { start, end, duration, detail } = options ?? {};
  if (options !== undefined && (start !== undefined || end !== undefined || duration !== undefined || detail !== undefined)) {
    if (endMark !== undefined) throw new TypeError('measure: options and an end mark exclude each other');
    if (start === undefined && end === undefined) throw new TypeError('measure: start or end is needed');
    if (start !== undefined && end !== undefined && duration !== undefined) throw new TypeError('measure: two of start, end and duration');
  }
  const length = duration === undefined ? undefined : timestamp(duration);
  let last;
  if (endMark !== undefined) last = timeOf(`${endMark}`);
  else if (end !== undefined) last = timeOf(end);
  else if (start !== undefined && length !== undefined) last = timeOf(start) + length;
  else last = performanceNow();
  let first = 0;
  if (start !== undefined) first = timeOf(start);
  else if (length !== undefined && end !== undefined) first = last - length;
  else if (options === undefined && startOrOptions !== undefined && startOrOptions !== null) first = timeOf(`${startOrOptions}`);
  return add(new PerformanceMeasure(internal, name, first, last - first, cloned(detail)));
}

function clear(type, name) {
  const text = name === undefined ? undefined : `${name}`;
  for (let i = entries.length - 1; i >= 0; i--) {
    if (entries[i].entryType === type && (text === undefined || entries[i].name === text)) entries.splice(i, 1);
  }
}

function list(name, type) {
  return entries.filter((entry) => (name === undefined || entry.name === name) && (type === undefined || entry.entryType === type))
    .sort((one, other) => one.startTime - other.startTime);
}

return { PerformanceEntry, PerformanceMark, PerformanceMeasure, mark, measure, clear, entries: list };
