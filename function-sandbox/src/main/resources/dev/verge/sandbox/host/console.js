// The console (Console Standard). Lines go to the log of the call whose turn it is.

function logLine(level, text) { if (current !== null) host.log(current.id, level, text); }

/** Formats as the standard's Formatter: specifiers in a first text take the values that follow. */
function format(values) {
  const [first, ...rest] = values;
  if (typeof first !== 'string' || rest.length === 0 || !first.includes('%')) return values.map((value) => inspect(value)).join(' ');
  const text = first.replace(/%([sdifoOjc%])/g, (match, kind) => {
    if (kind === '%') return '%';
    if (rest.length === 0) return match;
    const value = rest.shift();
    switch (kind) {
      case 'd': case 'i': return String(typeof value === 'symbol' ? NaN : parseInt(value, 10));
      case 'f': return String(typeof value === 'symbol' ? NaN : parseFloat(value));
      case 'c': return '';
      case 's': return String(typeof value === 'object' && value !== null ? inspect(value, 1) : value);
      default: return inspect(value, 1);
    }
  });
  return [text, ...rest.map((value) => inspect(value))].join(' ');
}

/** A table of rows by columns, in lines of text; what is no table is shown as it is. */
function table(data, columns) {
  if (!isObject(data)) return inspect(data);
  const rows = data instanceof Map ? [...data] : data instanceof Set ? [...data].map((value, index) => [index, value]) : Object.entries(data);
  const names = new Set();
  let plain = false;
  for (const [, row] of rows.slice(0, MAX_ROWS)) {
    if (isObject(row)) for (const name of columns ?? Object.keys(row).slice(0, MAX_COLUMNS)) names.add(String(name)); else plain = true;
  }
  const shown = (value) => inspect(value, 1).slice(0, 100);
  const lines = [['(index)', ...names, ...(plain ? ['Values'] : [])]];
  for (const [index, row] of rows.slice(0, MAX_ROWS)) {
    const cells = [...names].map((name) => (isObject(row) && Object.hasOwn(row, name) ? shown(row[name]) : ''));
    lines.push([String(index), ...cells, ...(plain ? [isObject(row) ? '' : shown(row)] : [])]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => '| ' + line.map((cell, column) => cell.padEnd(widths[column])).join(' | ') + ' |').join('\n');
}

const MAX_ROWS = 200;
const MAX_COLUMNS = 50;
/** Labels that are counted or timed at once; the oldest makes room. */
const MAX_LABELS = 1000;
const counts = new Map();
const stopwatches = new Map();
let indent = '';

function keep(map, label, value) {
  if (map.size >= MAX_LABELS && !map.has(label)) map.delete(map.keys().next().value);
  map.set(label, value);
}

function say(level, text) { logLine(level, indent === '' ? text : indent + text.replaceAll('\n', '\n' + indent)); }
const elapsed = (label) => `${label}: ${performanceNow() - stopwatches.get(label)} ms`;
const labelOf = (label) => `${label === undefined ? 'default' : label}`;

const console = Object.create({}, { [Symbol.toStringTag]: { value: 'console', configurable: true } });
for (const [name, value] of Object.entries({
  debug(...values) { say('debug', format(values)); },
  info(...values) { say('info', format(values)); },
  log(...values) { say('log', format(values)); },
  warn(...values) { say('warn', format(values)); },
  error(...values) { say('error', format(values)); },
  trace(...values) {
    const frames = explain(new Error('')).split('\n').slice(1);
    say('debug', ['Trace' + (values.length > 0 ? ': ' + format(values) : ''), ...frames].join('\n'));
  },
  dir(value = undefined) { say('log', inspect(value, 1)); },
  dirxml(...values) { say('log', values.map((value) => inspect(value)).join(' ')); },
  table(data = undefined, columns = undefined) { say('log', table(data, columns === undefined || columns === null ? undefined : [...columns])); },
  assert(condition = false, ...values) {
    if (condition) return;
    if (typeof values[0] === 'string') values[0] = 'Assertion failed: ' + values[0]; else values.unshift('Assertion failed');
    say('error', format(values));
  },
  count(label = undefined) {
    const name = labelOf(label);
    keep(counts, name, (counts.get(name) ?? 0) + 1);
    say('info', `${name}: ${counts.get(name)}`);
  },
  countReset(label = undefined) {
    const name = labelOf(label);
    if (!counts.delete(name)) say('warn', `There is no count of ${name}`);
  },
  group(...values) {
    if (values.length > 0) say('log', format(values));
    if (indent.length < 40) indent += '  ';
  },
  groupCollapsed(...values) { console.group(...values); },
  groupEnd() { indent = indent.slice(2); },
  time(label = undefined) {
    const name = labelOf(label);
    if (stopwatches.has(name)) say('warn', `${name} is being timed already`); else keep(stopwatches, name, performanceNow());
  },
  timeLog(label = undefined, ...values) {
    const name = labelOf(label);
    if (stopwatches.has(name)) say('log', format([elapsed(name), ...values])); else say('warn', `${name} is not being timed`);
  },
  timeEnd(label = undefined) {
    const name = labelOf(label);
    if (!stopwatches.has(name)) { say('warn', `${name} is not being timed`); return; }
    say('info', elapsed(name));
    stopwatches.delete(name);
  },
  clear() { indent = ''; },
})) Object.defineProperty(console, name, { value, writable: true, enumerable: true, configurable: true });
