// How values and exceptions look in a function's log.

function inspect(value, depth = 0, seen = new Set()) {
  switch (typeof value) {
    case 'string': return depth === 0 ? value : JSON.stringify(value);
    case 'function': return `[function ${value.name || 'anonymous'}]`;
    case 'bigint': return value + 'n';
    case 'object': break;
    default: return String(value);
  }
  if (value === null) return 'null';
  if (value instanceof Error) return explain(value);
  if (seen.has(value)) return '[circular]';
  if (depth > 3) return Array.isArray(value) ? '[array]' : '[object]';
  seen.add(value);
  try {
    if (Array.isArray(value)) {
      const shown = value.slice(0, 100).map((item) => inspect(item, depth + 1, seen));
      return '[' + shown.join(', ') + (value.length > 100 ? `, … ${value.length - 100} more` : '') + ']';
    }
    if (value instanceof Date) return value.toISOString();
    if (value instanceof RegExp || value instanceof URL || value instanceof URLSearchParams) return String(value);
    if (value instanceof Headers || value instanceof Map) {
      return `${value.constructor.name}(${[...value].slice(0, 100).map(([k, v]) => inspect(k, depth + 1, seen) + ' => ' + inspect(v, depth + 1, seen)).join(', ')})`;
    }
    if (value instanceof Set) return `Set(${[...value].slice(0, 100).map((item) => inspect(item, depth + 1, seen)).join(', ')})`;
    if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength})`;
    const name = value.constructor?.name;
    const fields = Object.keys(value).slice(0, 100).map((key) => key + ': ' + shownProperty(value, key, depth, seen));
    return (name && name !== 'Object' ? name + ' ' : '') + '{' + (fields.length ? ' ' + fields.join(', ') + ' ' : '') + '}';
  } catch {
    return '[unreadable]';
  } finally {
    seen.delete(value);
  }
}

/** Nothing of a script's is called to show a property. */
function shownProperty(value, key, depth, seen) {
  const property = Object.getOwnPropertyDescriptor(value, key);
  return property?.get === undefined ? inspect(property?.value, depth + 1, seen) : '[getter]';
}

/** An exception as the log shows it: message, and the stack of module files, lines and columns. */
function explain(error, depth = 0) {
  try {
    if (error instanceof Error) {
      const stack = typeof error.stack === 'string' ? error.stack : '';
      const head = `${error.name}: ${error.message}`;
      const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && !line.includes('verge:'))
        .map((line) => line.replace('(/', '(').replace('at /', 'at '));
      // An exception may be its own cause.
      const cause = error.cause === undefined || depth >= 5 ? '' : '\ncaused by: ' + explain(error.cause, depth + 1);
      return [head, ...frames].join('\n') + cause;
    }
    return inspect(error, 1);
  } catch {
    return 'an exception that cannot be shown';
  }
}
