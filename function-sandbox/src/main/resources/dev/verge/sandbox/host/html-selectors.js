// Selectors of HTMLRewriter: compiled into a list of compounds, matched from the root down, so that an element costs as much as there are
// compounds, however deep it is.

const { needs, tag, isObject, viewOf, copyOf, utf8 } = shared;

const MOST_COMPOUNDS = 30;
const NAME = /^(?:--|-?(?:[A-Za-z_]|[^\x00-\x7f]|\\[^\n]))(?:[A-Za-z0-9_-]|[^\x00-\x7f]|\\[^\n])*/;
const ATTRIBUTE = /^\[\s*((?:[A-Za-z0-9_:.-]|[^\x00-\x7f]|\\.)+)\s*(?:([~^$*|]?=)\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:[A-Za-z0-9_-]|[^\x00-\x7f]|\\.)+))\s*([iIsS])?\s*)?\]/;
const NTH = /^\(\s*(?:(even)|(odd)|([+-]?\d*)n\s*(?:([+-])\s*(\d+))?|([+-]?\d+))\s*\)/i;
const SPACES = /[\t\n\f\r ]+/;

/** Attributes whose values HTML compares without regard to case (HTML Standard §16.2.2), those of use. */
const CASELESS = new Set(['accept', 'charset', 'checked', 'defer', 'dir', 'disabled', 'enctype', 'http-equiv', 'lang', 'language', 'media',
  'method', 'multiple', 'readonly', 'rel', 'rev', 'selected', 'shape', 'target', 'type']);

const unescaped = (name) => name.replace(/\\(?:([0-9a-fA-F]{1,6})\s?|(.))/g, (all, hex, plain) => (hex === undefined ? plain : String.fromCodePoint(parseInt(hex, 16))));
const lower = (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

function attributeTest(name, operator, value, flag) {
  if (operator === undefined) return (element) => element.attribute(name) !== null;
  const caseless = flag === undefined ? CASELESS.has(name) : /i/i.test(flag);
  const wanted = caseless ? lower(value) : value;
  const holds = {
    '=': (given) => given === wanted,
    '~=': (given) => wanted !== '' && !SPACES.test(wanted) && given.split(SPACES).includes(wanted),
    '^=': (given) => wanted !== '' && given.startsWith(wanted),
    '$=': (given) => wanted !== '' && given.endsWith(wanted),
    '*=': (given) => wanted !== '' && given.includes(wanted),
    '|=': (given) => given === wanted || given.startsWith(`${wanted}-`),
  }[operator];
  return (element) => {
    const given = element.attribute(name);
    return given !== null && holds(caseless ? lower(given) : given);
  };
}

function nthTest(parts, place) {
  const [, even, odd, step, sign, offset, number] = parts;
  let a = 0;
  let b = 0;
  if (even !== undefined) a = 2;
  else if (odd !== undefined) [a, b] = [2, 1];
  else if (number !== undefined) b = Number(number);
  else {
    a = step === '' || step === '+' ? 1 : step === '-' ? -1 : Number(step);
    b = offset === undefined ? 0 : Number(sign + offset);
  }
  return (element) => {
    const left = place(element) - b;
    return a === 0 ? left === 0 : left % a === 0 && left / a >= 0;
  };
}

/** Reads one selector list; everything that is not understood is a TypeError that says where. */
class SelectorReader {
  constructor(text) { this.text = text; this.rest = text; this.ofType = false; }
  fail(what) {
    throw new TypeError(`HTMLRewriter.on: selector ${JSON.stringify(this.text)}: ${what} at ${this.text.length - this.rest.length}`);
  }
  take(pattern) {
    const found = pattern.exec(this.rest);
    if (found !== null) this.rest = this.rest.slice(found[0].length);
    return found;
  }
  /** Chains of compounds; any of them may match. */
  list() {
    const chains = [];
    do chains.push(this.chain()); while (this.take(/^\s*,/) !== null);
    if (this.rest.trim() !== '') this.fail('nothing more is understood');
    return chains;
  }
  chain() {
    this.take(/^\s+/);
    const compounds = [{ test: this.compound(), child: false }];
    for (;;) {
      const found = this.take(/^\s*>\s*|^\s+(?=[^\s,>])/);
      if (found === null) return compounds;
      if (compounds.length === MOST_COMPOUNDS) this.fail(`more than ${MOST_COMPOUNDS} parts`);
      compounds.push({ test: this.compound(), child: found[0].includes('>') });
    }
  }
  compound() {
    const tests = [];
    const type = this.take(/^\*/) ?? this.take(NAME);
    if (type !== null && type[0] !== '*') {
      const name = lower(unescaped(type[0]));
      tests.push((element) => element.name === name);
    }
    for (;;) {
      const before = this.rest;
      const test = this.simple();
      if (test === null) {
        if (type === null && tests.length === 0) this.fail('a selector is missing');
        return tests.length === 1 ? tests[0] : (element) => tests.every((one) => one(element));
      }
      if (before !== this.rest) tests.push(test);
    }
  }
  name(what) {
    const found = this.take(NAME);
    if (found === null) this.fail(`${what} is missing`);
    return unescaped(found[0]);
  }
  simple() {
    if (this.take(/^\./) !== null) return attributeTest('class', '~=', this.name('the class'), 's');
    if (this.take(/^#/) !== null) return attributeTest('id', '=', this.name('the id'), 's');
    if (this.rest[0] === '[') {
      const found = this.take(ATTRIBUTE);
      if (found === null) this.fail('this attribute selector is not understood');
      const [, name, operator, double, single, plain, flag] = found;
      return attributeTest(lower(unescaped(name)), operator, unescaped(double ?? single ?? plain ?? ''), flag);
    }
    return this.rest[0] === ':' ? this.pseudo() : null;
  }
  pseudo() {
    const [, name] = this.take(/^:([a-z-]*)/i);
    switch (lower(name)) {
      case 'first-child': return (element) => element.index === 1;
      case 'first-of-type': this.ofType = true; return (element) => element.typeIndex === 1;
      case 'nth-child': return nthTest(this.nth(), (element) => element.index);
      case 'nth-of-type': this.ofType = true; return nthTest(this.nth(), (element) => element.typeIndex);
      case 'not': {
        if (this.take(/^\(\s*/) === null) this.fail('( is missing');
        const tests = [];
        do { this.take(/^\s+/); tests.push(this.compound()); } while (this.take(/^\s*,/) !== null);
        if (this.take(/^\s*\)/) === null) this.fail(') is missing: :not() takes simple selectors');
        return (element) => !tests.some((test) => test(element));
      }
      default: return this.fail(`:${name} is not known; there are :first-child, :first-of-type, :nth-child(), :nth-of-type() and :not()`);
    }
  }
  nth() { return this.take(NTH) ?? this.fail('a number, even, odd or an+b in parentheses is missing'); }
}

/** One selector list and the handlers that it is for. `chains` are numbered over all selectors: each has bits of its own in a frame. */
function compileSelector(text) {
  const reader = new SelectorReader(text);
  return { chains: reader.list(), ofType: reader.ofType };
}

/**
 * Whether an element matches one of the chains. `parent` holds two numbers a chain, at `from`: the prefixes of the chain that ended at the
 * parent itself, and those that ended there or above; `own` gets the same of the element.
 */
function matchChains(chains, from, element, parent, own) {
  let matched = false;
  for (let c = 0; c < chains.length; c++) {
    const compounds = chains[c];
    const at = from + 2 * c;
    let ended = 0;
    for (let i = 0; i < compounds.length; i++) {
      const { test, child } = compounds[i];
      const open = i === 0 || ((parent[child ? at : at + 1] >> (i - 1)) & 1) === 1;
      if (open && test(element)) ended |= 1 << i;
    }
    own[at] = ended;
    own[at + 1] = ended | parent[at + 1];
    if ((ended >> (compounds.length - 1)) & 1) matched = true;
  }
  return matched;
}
