// What verge.d.ts says of the runtime, as members by interface: [[what is inserted, what it is]]. Only the members' names are read.

const BLOCK = /(?:interface|declare class) (\w+)(?:<[^{]*>)? \{([\s\S]*?)\n?\}(?=\n|$)/g;
const MEMBER = /(?:\/\*\* ([^\n]*?) ?\*\/\s*)?(?:readonly )?([A-Za-z_]\w*)(\??)(\(|\s*:)/y;

/** Reads the text of verge.d.ts. */
export function membersOf(text) {
  const all = new Map();
  for (const [, name, body] of text.matchAll(BLOCK)) {
    const members = new Map(all.get(name) ?? []);
    for (const [member, kind, detail] of statements(body)) {
      if (!members.has(member)) {
        members.set(member, [kind === "(" ? `${member}(` : member, detail]);
      }
    }
    all.set(name, members);
  }
  return new Map([...all].map(([name, members]) => [name, [...members.values()]]));
}

/** The beginnings of members; what stands in parentheses or braces belongs to one. */
function* statements(body) {
  let depth = 0;
  let fresh = true;
  for (let at = 0; at < body.length; at += 1) {
    if (depth === 0 && fresh) {
      MEMBER.lastIndex = at;
      const found = MEMBER.exec(body);
      if (found) {
        yield [found[2], found[4].trim(), found[1] ?? ""];
        at = MEMBER.lastIndex - 1;
        fresh = false;
        depth += found[4] === "(" ? 1 : 0;
        continue;
      }
    }
    const one = body[at];
    depth += "({[".includes(one) ? 1 : ")}]".includes(one) ? -1 : 0;
    fresh = depth === 0 && (one === ";" || one === "\n" || (fresh && one === " "));
  }
}

let known = null;

/** The same, of the file beside this one, which is read once. */
export function runtimeTypes() {
  known ??= fetch(new URL("./verge.d.ts", import.meta.url))
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then(membersOf)
    .catch(() => new Map());
  return known;
}
