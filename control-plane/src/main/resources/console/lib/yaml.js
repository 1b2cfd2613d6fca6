// Where things stand in a YAML document, as far as an editor needs it: block style with indentation, and one-line flow inside it. The
// control plane alone decides what a document means.

const KEY = /^(\s*)((?:- +)*)(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#&*!|>'"{}[\],][^#{}[\],]*?)) *:(?=\s|$)(.*)$/;
const ITEM = /^(\s*)((?:- +)*)-(?:\s+(.*))?$/;

/** The path of every line: [{indent, path: ["pools", "app", 0, "url"], key, value}], null for blank lines and comments. */
export function outline(text) {
  const open = [];
  let literal = -1;
  return text.split("\n").map((line) => {
    const indent = line.search(/\S/);
    if (indent < 0 || (literal < 0 && line[indent] === "#")) {
      return null;
    }
    if (literal >= 0) {
      if (indent > literal) {
        return null;
      }
      literal = -1;
    }
    const keyed = KEY.exec(line);
    const item = keyed ? null : ITEM.exec(line);
    const dashes = (keyed ?? item)?.[2] ?? "";
    let column = indent;
    let result = null;
    for (let i = 0; i < dashes.length || (item && i === dashes.length); ) {
      enterItem(open, column);
      const gap = item && i >= dashes.length ? 2 : dashes.slice(i).match(/^- +/)[0].length;
      column += gap;
      i += gap;
      result = { indent, path: pathOf(open), key: null, value: item?.[3] ?? "" };
    }
    if (keyed) {
      leave(open, column);
      const key = keyed[3] ?? keyed[4] ?? keyed[5];
      open.push({ column, step: key });
      result = { indent: column, path: pathOf(open), key, value: keyed[6].trim() };
    }
    if (result && /^[|>][0-9+-]*\s*(#.*)?$/.test(result.value)) {
      literal = indent;
    }
    return result;
  });
}

function leave(open, column) {
  while (open.length > 0 && open.at(-1).column >= column) {
    open.pop();
  }
}

/** An item may stand at its key's own column. */
function enterItem(open, column) {
  while (open.length > 0 && (open.at(-1).column > column || (open.at(-1).column === column && typeof open.at(-1).step === "number"))) {
    const gone = open.pop();
    if (gone.column === column && typeof gone.step === "number") {
      open.push({ column, step: gone.step + 1 });
      return;
    }
  }
  open.push({ column, step: 0 });
}

function pathOf(open) {
  return open.map((entry) => entry.step);
}

/** A path as the API writes it, in steps: `pools.app.origins[0].url`, `errorPages["502"]`. */
export function steps(written) {
  const found = [];
  for (const match of written.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)) {
    found.push(match[1] !== undefined ? Number(match[1]) : (match[2] ?? match[3]));
  }
  return found;
}

/** The line (from 0) that a path of the API points at: the deepest one on the way to it. */
export function lineOf(text, written) {
  const wanted = steps(written);
  let best = 0;
  let depth = 0;
  outline(text).forEach((line, index) => {
    if (line === null || line.path.length > wanted.length || line.path.length <= depth) {
      return;
    }
    if (line.path.every((step, i) => String(step) === String(wanted[i]))) {
      best = index;
      depth = line.path.length;
    }
  });
  return best;
}

/**
 * What the cursor stands on, for completion: the path of the object whose field is being written, and what of the field or the value is
 * there. Null where nothing can be completed.
 */
export function cursorAt(text, offset) {
  const before = text.slice(0, offset);
  const row = before.split("\n").length - 1;
  const written = before.slice(before.lastIndexOf("\n") + 1);
  if (/^\s*#/.test(written)) {
    return null;
  }
  const flow = flowAt(written);
  const rows = text.split("\n");
  if (flow) {
    rows[row] = written.slice(0, flow.start);
    const outer = outline(rows.join("\n"))[row];
    return outer === null ? null : { parent: [...outer.path, ...flow.path], ...flow.at };
  }
  const value = /^(\s*(?:- +)*[^\s:#][^:]*): +(\S*)$/.exec(written);
  if (value) {
    rows[row] = `${value[1]}: x`;
    const line = outline(rows.join("\n"))[row];
    return line === null ? null : { parent: line.path.slice(0, -1), key: line.key, prefix: value[2], value: true };
  }
  const field = /^(\s*(?:- +)*)([\w-]*)$/.exec(written);
  if (!field) {
    return null;
  }
  rows[row] = `${field[1]}${field[2] || "x"}: x`;
  const line = outline(rows.join("\n"))[row];
  return line === null ? null : { parent: line.path.slice(0, -1), key: null, prefix: field[2], value: false };
}

/** Inside `{…}` on one line: which object is open, and what of it is being written. */
function flowAt(written) {
  const open = [];
  let start = -1;
  let token = 0;
  for (let i = 0; i < written.length; i += 1) {
    const c = written[i];
    if (c === '"' || c === "'") {
      const end = written.indexOf(c, i + 1);
      if (end < 0) {
        return null;
      }
      i = end;
    } else if (c === "{" || (c === "[" && (open.length > 0 || /[:\-]\s*$/.test(written.slice(0, i))))) {
      start = open.length === 0 ? i : start;
      open.push({ list: c === "[", index: 0, key: null });
      token = i + 1;
    } else if (open.length > 0 && (c === "}" || c === "]")) {
      open.pop();
      token = i + 1;
    } else if (open.length > 0 && c === ",") {
      open.at(-1).index += 1;
      open.at(-1).key = null;
      token = i + 1;
    } else if (open.length > 0 && c === ":" && !open.at(-1).list && /\s|$/.test(written[i + 1] ?? " ")) {
      open.at(-1).key = written.slice(token, i).trim().replace(/^["']|["']$/g, "");
      token = i + 1;
    }
  }
  if (open.length === 0) {
    return null;
  }
  const inner = open.at(-1);
  const path = open.slice(0, -1).map((entry) => (entry.list ? entry.index : entry.key));
  const prefix = written.slice(token).trim();
  const at = inner.list
    ? { key: null, prefix, value: true, item: true }
    : { key: inner.key, prefix, value: inner.key !== null };
  return { start, path: inner.list ? [...path, inner.index] : path, at };
}
