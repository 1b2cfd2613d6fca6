// Documents and selectors by chance, from the seed in the query: what the rewriter matches against a plain matcher over a tree.
let state = 1;
const random = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
const pick = (list) => list[random(list.length)];
const NAMES = ['a', 'b', 'i', 'p', 'div'];
const VALUES = ['x', 'y', 'x-y', 'x y', 'xy', '', 'X'];

function tree(depth) {
  const node = { name: pick(NAMES), attributes: new Map(), children: [] };
  for (const name of ['class', 'id', 'k']) if (random(3) === 0) node.attributes.set(name, pick(VALUES));
  for (let i = random(depth > 4 ? 1 : 4); i > 0; i--) node.children.push(tree(depth + 1));
  return node;
}
function link(node, parent, all) {
  node.parent = parent;
  node.number = all.length;
  all.push(node);
  node.children.forEach((child, i) => {
    child.index = i + 1;
    child.typeIndex = node.children.slice(0, i + 1).filter((one) => one.name === child.name).length;
    link(child, node, all);
  });
}
const text = (node) => `<${node.name} n=${node.number}${[...node.attributes].map(([n, v]) => ` ${n}="${v}"`).join('')}>`
  + `${node.children.map(text).join('t')}</${node.name}>`;

const OPERATORS = {
  '=': (v, w) => v === w, '~=': (v, w) => w !== '' && !w.includes(' ') && v.split(' ').includes(w), '^=': (v, w) => w !== '' && v.startsWith(w),
  '$=': (v, w) => w !== '' && v.endsWith(w), '*=': (v, w) => w !== '' && v.includes(w), '|=': (v, w) => v === w || v.startsWith(`${w}-`),
};
function simple() {
  switch (random(8)) {
    case 0: { const v = pick(['x', 'y', 'xy']); return [`.${v}`, (n) => (n.attributes.get('class') ?? '').split(' ').includes(v)]; }
    case 1: { const v = pick(['x', 'xy']); return [`#${v}`, (n) => n.attributes.get('id') === v]; }
    case 2: return ['[k]', (n) => n.attributes.has('k')];
    case 3: {
      const o = pick(Object.keys(OPERATORS));
      const w = pick(VALUES);
      const i = random(3) === 0;
      const low = (s) => (i ? s.toLowerCase() : s);
      return [`[k${o}"${w}"${i ? ' i' : ''}]`, (n) => n.attributes.has('k') && OPERATORS[o](low(n.attributes.get('k')), low(w))];
    }
    case 4: return pick([[':first-child', (n) => n.index === 1], [':first-of-type', (n) => n.typeIndex === 1]]);
    case 5: {
      const [written, a, b] = pick([['even', 2, 0], ['odd', 2, 1], ['2', 0, 2], ['-n+2', -1, 2], ['2n+1', 2, 1], ['n', 1, 0], ['3n', 3, 0]]);
      const hold = (k) => { for (let i = 0; i <= 9; i++) if (a * i + b === k) return true; return false; };
      return pick([[`:nth-child(${written})`, (n) => hold(n.index)], [`:nth-of-type(${written})`, (n) => hold(n.typeIndex)]]);
    }
    default: { const [s, t] = compound(true); return [`:not(${s})`, (n) => !t(n)]; }
  }
}
function compound(inner) {
  const parts = [];
  const kind = random(3);
  if (kind === 0) { const name = pick(NAMES); parts.push([name, (n) => n.name === name]); }
  if (kind === 1) parts.push(['*', () => true]);
  for (let i = random(inner ? 2 : 3); i > 0; i--) parts.push(simple());
  if (parts.length === 0) parts.push(['*', () => true]);
  return [parts.map(([s]) => s).join(''), (n) => parts.every(([, t]) => t(n))];
}
function selector() {
  const links = [compound()];
  const ways = [];
  for (let i = random(4); i > 0; i--) { ways.push(pick([' ', ' > ', '>'])); links.push(compound()); }
  const holds = (n, at) => {
    if (!links[at][1](n)) return false;
    if (at === 0) return true;
    if (ways[at - 1].includes('>')) return n.parent !== null && holds(n.parent, at - 1);
    for (let up = n.parent; up !== null; up = up.parent) if (holds(up, at - 1)) return true;
    return false;
  };
  return [links.map(([s], i) => s + (ways[i] ?? '')).join(''), (n) => holds(n, links.length - 1)];
}

export default {
  async fetch(request) {
    state = Number(new URL(request.url).searchParams.get('seed'));
    let matches = 0;
    for (let round = 0; round < 4; round++) {
      const top = { children: [tree(0), tree(0)] };
      const all = [];
      top.children.forEach((child, i) => {
        child.index = i + 1;
        child.typeIndex = top.children.slice(0, i + 1).filter((one) => one.name === child.name).length;
        link(child, null, all);
      });
      const rewriter = new HTMLRewriter();
      const wanted = [];
      const got = [];
      for (let i = 0; i < 15; i++) {
        const lists = random(4) === 0 ? [selector(), selector()] : [selector()];
        const written = lists.map(([s]) => s).join(', ');
        wanted.push([written, all.filter((n) => lists.some(([, t]) => t(n))).map((n) => n.number).join()]);
        const found = [];
        got.push(found);
        rewriter.on(written, { element(e) { found.push(e.getAttribute('n')); } });
      }
      const document = top.children.map(text).join('');
      const out = await rewriter.transform(new Response(document)).text();
      if (out !== document) return new Response(`changed: ${out}`);
      for (let i = 0; i < got.length; i++) {
        if (got[i].join() !== wanted[i][1]) return new Response(`${wanted[i][0]} in ${document}: wanted ${wanted[i][1]}, got ${got[i].join()}`);
        matches += got[i].length;
      }
    }
    return new Response(`same ${matches > 30}`);
  },
};
