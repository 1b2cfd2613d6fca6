// Differences of two texts, line by line: Myers' O(ND) algorithm, with a bound beyond which all lines count as changed.

const MOST_EDITS = 4000;

/** Lines of `before` and `after` as [{kind: "same" | "removed" | "added", text, before, after}], numbers from 1. */
export function lines(before, after) {
  const a = split(before);
  const b = split(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    start += 1;
  }
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) {
    end += 1;
  }
  const steps = [
    ...a.slice(0, start).map((text) => ["same", text]),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map((text) => ["same", text]),
  ];
  let old = 0;
  let fresh = 0;
  return steps.map(([kind, text]) => {
    old += kind === "added" ? 0 : 1;
    fresh += kind === "removed" ? 0 : 1;
    return { kind, text, before: kind === "added" ? null : old, after: kind === "removed" ? null : fresh };
  });
}

function split(text) {
  const all = text.split("\n");
  if (all.at(-1) === "") {
    all.pop();
  }
  return all;
}

function middle(a, b) {
  const trace = walk(a, b);
  if (trace === null) {
    return [...a.map((text) => ["removed", text]), ...b.map((text) => ["added", text])];
  }
  const steps = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d > 0; d -= 1) {
    const front = trace[d - 1];
    const k = x - y;
    const down = k === -d || (k !== d && (front.get(k - 1) ?? -1) < (front.get(k + 1) ?? -1));
    const previous = down ? k + 1 : k - 1;
    const fromX = front.get(previous);
    const fromY = fromX - previous;
    while (x > (down ? fromX : fromX + 1) && y > (down ? fromY + 1 : fromY)) {
      x -= 1;
      y -= 1;
      steps.push(["same", a[x]]);
    }
    if (down) {
      y -= 1;
      steps.push(["added", b[y]]);
    } else {
      x -= 1;
      steps.push(["removed", a[x]]);
    }
  }
  while (x > 0 && y > 0) {
    x -= 1;
    y -= 1;
    steps.push(["same", a[x]]);
  }
  return steps.reverse();
}

/** The furthest points after each number of edits, or null when there are too many. */
function walk(a, b) {
  const trace = [];
  let front = new Map([[1, 0]]);
  for (let d = 0; d <= Math.min(a.length + b.length, MOST_EDITS); d += 1) {
    const next = new Map();
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (front.get(k - 1) ?? -1) < (front.get(k + 1) ?? -1));
      let x = down ? (front.get(k + 1) ?? 0) : front.get(k - 1) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      next.set(k, x);
      if (x >= a.length && y >= b.length) {
        trace.push(next);
        return trace;
      }
    }
    trace.push(next);
    front = next;
  }
  return null;
}

/** The same with long stretches without a change left out: [{gap: lines} | line]. */
export function withContext(all, around = 3) {
  const near = new Array(all.length).fill(false);
  all.forEach((line, index) => {
    if (line.kind !== "same") {
      for (let i = Math.max(0, index - around); i <= Math.min(all.length - 1, index + around); i += 1) {
        near[i] = true;
      }
    }
  });
  const shown = [];
  all.forEach((line, index) => {
    if (near[index]) {
      shown.push(line);
    } else if (shown.at(-1)?.gap) {
      shown.at(-1).gap += 1;
    } else {
      shown.push({ gap: 1 });
    }
  });
  return shown;
}

export function changed(all) {
  return {
    added: all.filter((line) => line.kind === "added").length,
    removed: all.filter((line) => line.kind === "removed").length,
  };
}
