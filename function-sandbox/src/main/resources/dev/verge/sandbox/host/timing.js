// User Timing (Level 3) and PerformanceEntry. Entries stay until they are cleared, the oldest goes when there are too many.

const { DOMException, dictionary, needs, tag, isObject, internal, performanceNow, sequence, postTask, reportException } = shared;
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
  for (const observer of observers) observer.seen(entry);
  return entry;
}

const PAGE_TIMES = /^(navigationStart|(redirect|domainLookup|connect|response|unloadEvent|loadEvent|domContentLoadedEvent)(Start|End)|fetchStart|requestStart|secureConnectionStart|domLoading|domInteractive|domComplete)$/;

/** The time of a mark's name, or a time itself. */
function timeOf(value) {
  if (typeof value === 'number') return timestamp(value);
  const name = `${value}`;
  // Times of a page's loading (User Timing §3.1): there is no page.
  if (PAGE_TIMES.test(name)) throw new TypeError(`measure: there is no ${name} outside of a window`);
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

function list(name, type, from = entries) {
  return from.filter((entry) => (name === undefined || entry.name === name) && (type === undefined || entry.entryType === type))
    .sort((one, other) => one.startTime - other.startTime);
}

// --- Observers (Performance Timeline §4) ---

const TYPES = Object.freeze(['mark', 'measure']);
const MAX_OBSERVERS = 1000;
/** States of those that observe something. */
const observers = new Set();

class PerformanceObserverEntryList {
  #entries;
  constructor(key = undefined, from = undefined) {
    if (key !== internal) throw new TypeError('Illegal constructor');
    this.#entries = from;
  }
  getEntries() { return list(undefined, undefined, this.#entries); }
  getEntriesByType(type) { needs(arguments.length, 1, 'getEntriesByType'); return list(undefined, `${type}`, this.#entries); }
  getEntriesByName(name, type = undefined) {
    needs(arguments.length, 1, 'getEntriesByName');
    return list(`${name}`, type === undefined ? undefined : `${type}`, this.#entries);
  }
}
tag(PerformanceObserverEntryList, 'PerformanceObserverEntryList');

/** What an observer waits for, and what it has not been told yet: the oldest goes when that is too much. */
class Observed {
  types = new Set(); several = null; waiting = []; dropped = 0; due = false;
  constructor(tell) { this.tell = tell; }
  seen(entry) {
    if (!this.types.has(entry.entryType)) return;
    if (this.waiting.length >= MAX_ENTRIES) { this.waiting.shift(); this.dropped++; }
    this.waiting.push(entry);
    if (this.due) return;
    this.due = true;
    postTask(() => {
      this.due = false;
      const given = this.take();
      if (given.length > 0) this.tell(new PerformanceObserverEntryList(internal, given), { droppedEntriesCount: this.dropped });
    });
  }
  take() { return this.waiting.splice(0); }
}

class PerformanceObserver {
  #state;
  constructor(callback) {
    needs(arguments.length, 1, 'PerformanceObserver');
    if (typeof callback !== 'function') throw new TypeError('PerformanceObserver: callback must be a function');
    this.#state = new Observed((seen, options) => {
      try { Reflect.apply(callback, this, [seen, this, options]); } catch (error) { reportException(error); }
    });
  }
  observe(options = undefined) {
    const state = this.#state;
    const { buffered, entryTypes, type } = dictionary(options, 'observe');
    if ((entryTypes === undefined) === (type === undefined)) throw new TypeError('observe: either entryTypes or type is needed');
    const several = entryTypes !== undefined;
    const asked = several ? sequence(entryTypes, 'observe: entryTypes', (one) => `${one}`) : [`${type}`];
    if (state.several !== null && state.several !== several) {
      throw new DOMException('observe: entryTypes and type exclude each other', 'InvalidModificationError');
    }
    state.several = several;
    const known = asked.filter((one) => TYPES.includes(one));
    if (known.length === 0) return;
    if (!observers.has(state) && observers.size >= MAX_OBSERVERS) throw new DOMException('observe: too many observers', 'QuotaExceededError');
    observers.add(state);
    state.types = new Set(several ? known : [...state.types, ...known]);
    if (!several && buffered) for (const entry of list(undefined, known[0])) state.seen(entry);
  }
  disconnect() {
    const state = this.#state;
    observers.delete(state);
    state.types.clear();
    state.several = null;
    state.take();
  }
  takeRecords() { return this.#state.take(); }
  static get supportedEntryTypes() { return TYPES; }
}
tag(PerformanceObserver, 'PerformanceObserver');

return { PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver, PerformanceObserverEntryList, mark, measure, clear, entries: list };
