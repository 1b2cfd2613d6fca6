// The syntax of patterns (URL Pattern Standard §2, https://urlpattern.spec.whatwg.org/): tokens, parts, and the regular expressions and
// pattern texts that come of them. Loaded with URLPattern.

// --- tokens (§2.1) ---

const NAME_START = /^[\p{ID_Start}$_]$/u;
const NAME_PART = /^[\p{ID_Continue}$\u200c\u200d]$/u;
const isNameChar = (char, first) => char !== undefined && (first ? NAME_START : NAME_PART).test(char);
const SINGLE = { '*': 'asterisk', '+': 'modifier', '?': 'modifier', '{': 'open', '}': 'close' };

/** Tokens {type, at, value} of a pattern; `lenient` makes what is wrong a token too. Places count code points. */
function tokenize(chars, lenient) {
  const tokens = [];
  let at = 0;
  const add = (type, next, from = at, to = next) => {
    tokens.push({ type, at, value: chars.slice(from, to).join('') });
    at = next;
  };
  const wrong = (next, from) => {
    if (!lenient) throw new TypeError(`URLPattern: ${JSON.stringify(chars.join('').slice(0, 200))} is wrong at ${from}`);
    add('invalid', next, from);
  };
  while (at < chars.length) {
    const char = chars[at];
    if (SINGLE[char] !== undefined) add(SINGLE[char], at + 1);
    else if (char === '\\') {
      if (at === chars.length - 1) wrong(at + 1, at); else add('escaped', at + 2, at + 1);
    } else if (char === ':') {
      let end = at + 1;
      while (isNameChar(chars[end], end === at + 1)) end++;
      if (end === at + 1) wrong(end, at); else add('name', end, at + 1);
    } else if (char === '(') {
      const end = groupEnd(chars, at + 1);
      if (end < 0) wrong(at + 1, at); else add('regexp', end + 1, at + 1, end);
    } else add('char', at + 1);
  }
  add('end', at);
  return tokens;
}

/** The place of the parenthesis that closes a regular expression, or -1 when it is wrong or empty. */
function groupEnd(chars, start) {
  let depth = 1;
  for (let i = start; i < chars.length; i++) {
    const char = chars[i];
    if (char > '\x7f' || (i === start && char === '?')) return -1;
    if (char === '\\') {
      if (i === chars.length - 1 || chars[++i] > '\x7f') return -1;
    } else if (char === ')') {
      if (--depth === 0) return i > start ? i : -1;
    } else if (char === '(') {
      depth++;
      // Groups that capture would shift the numbers of ours.
      if (chars[i + 1] !== '?') return -1;
    }
  }
  return -1;
}

// --- parts (§2.2) ---

const escapeRegExp = (text) => text.replace(/[.+*?^${}()[\]|/\\]/g, '\\$&');
const escapePattern = (text) => text.replace(/[+*?:{}()\\]/g, '\\$&');

class PatternParser {
  parts = []; #tokens; #options; #encode; #at = 0; #pending = ''; #number = 0; #names = new Set();
  constructor(input, options, encode) {
    this.#tokens = tokenize(Array.from(input), false);
    this.#options = options;
    this.#encode = encode;
    this.#parse();
  }
  #take(type) { return this.#tokens[this.#at].type === type ? this.#tokens[this.#at++] : null; }
  #must(type) {
    if (this.#take(type) === null) throw new TypeError(`URLPattern: ${JSON.stringify(this.#tokens[this.#at].value)} is not expected here`);
  }
  #matcher(name) { return this.#take('regexp') ?? (name === null ? this.#take('asterisk') : null); }
  #modifier() { return (this.#take('modifier') ?? this.#take('asterisk'))?.value ?? ''; }
  #text() {
    let text = '';
    for (let token; (token = this.#take('char') ?? this.#take('escaped')) !== null;) text += token.value;
    return text;
  }
  #parse() {
    while (this.#at < this.#tokens.length) {
      const char = this.#take('char');
      let name = this.#take('name');
      let matcher = this.#matcher(name);
      if (name !== null || matcher !== null) {
        let prefix = char?.value ?? '';
        if (prefix !== '' && prefix !== this.#options.prefix) { this.#pending += prefix; prefix = ''; }
        this.#flush();
        this.#add(prefix, name, matcher, '', this.#modifier());
        continue;
      }
      const fixed = char ?? this.#take('escaped');
      if (fixed !== null) { this.#pending += fixed.value; continue; }
      if (this.#take('open') !== null) {
        const prefix = this.#text();
        name = this.#take('name');
        matcher = this.#matcher(name);
        const suffix = this.#text();
        this.#must('close');
        this.#add(prefix, name, matcher, suffix, this.#modifier());
        continue;
      }
      this.#flush();
      this.#must('end');
    }
  }
  #push(type, value, modifier, name = '', prefix = '', suffix = '') { this.parts.push({ type, value, modifier, name, prefix, suffix }); }
  #flush() {
    if (this.#pending === '') return;
    this.#push('fixed', this.#encode(this.#pending), '');
    this.#pending = '';
  }
  #add(prefix, name, matcher, suffix, modifier) {
    if (name === null && matcher === null && modifier === '') { this.#pending += prefix; return; }
    this.#flush();
    if (name === null && matcher === null) {
      if (prefix !== '') this.#push('fixed', this.#encode(prefix), modifier);
      return;
    }
    const value = matcher === null ? this.#options.segment : matcher.type === 'asterisk' ? '.*' : matcher.value;
    const type = value === this.#options.segment ? 'segment' : value === '.*' ? 'full' : 'regexp';
    const label = name === null ? String(this.#number++) : name.value;
    if (this.#names.has(label)) throw new TypeError(`URLPattern: the name ${label.slice(0, 100)} is used twice`);
    this.#names.add(label);
    this.#push(type, type === 'regexp' ? value : '', modifier, label, this.#encode(prefix), this.#encode(suffix));
  }
}

// --- components (§1.5, §2.3) ---

function optionsOf(delimiter, prefix) {
  return { prefix, segment: delimiter === '' ? '[^]+?' : `[^${escapeRegExp(delimiter)}]+?` };
}
const PLAIN = optionsOf('', '');
const HOSTNAME = optionsOf('.', '');
const PATHNAME = optionsOf('/', '/');

function regExpOf(parts, { segment }) {
  const names = [];
  let source = '^';
  for (const { type, value, modifier, name, prefix, suffix } of parts) {
    if (type === 'fixed') {
      source += modifier === '' ? escapeRegExp(value) : `(?:${escapeRegExp(value)})${modifier}`;
      continue;
    }
    names.push(name);
    const matcher = type === 'segment' ? segment : type === 'full' ? '.*' : value;
    const before = escapeRegExp(prefix);
    const after = escapeRegExp(suffix);
    const once = modifier === '' || modifier === '?';
    if (prefix === '' && suffix === '') source += once ? `(${matcher})${modifier}` : `((?:${matcher})${modifier})`;
    else if (once) source += `(?:${before}(${matcher})${after})${modifier}`;
    else source += `(?:${before}((?:${matcher})(?:${after}${before}(?:${matcher}))*)${after})${modifier === '*' ? '?' : ''}`;
  }
  return [source + '$', names];
}

function patternOf(parts, options) {
  let pattern = '';
  for (const [index, part] of parts.entries()) {
    const { type, value, modifier, name, prefix, suffix } = part;
    if (type === 'fixed') {
      pattern += modifier === '' ? escapePattern(value) : `{${escapePattern(value)}}${modifier}`;
      continue;
    }
    const previous = parts[index - 1];
    const next = parts[index + 1];
    const named = !/^[0-9]/.test(name);
    let grouped = suffix !== '' || (prefix !== '' && prefix !== options.prefix);
    if (!grouped && named && type === 'segment' && modifier === '' && next !== undefined && next.prefix === '' && next.suffix === '') {
      grouped = next.type === 'fixed' ? isNameChar(Array.from(next.value)[0], false) : /^[0-9]/.test(next.name);
    }
    if (!grouped && prefix === '' && previous?.type === 'fixed' && options.prefix !== '' && previous.value.endsWith(options.prefix)) grouped = true;
    if (grouped) pattern += '{';
    pattern += escapePattern(prefix);
    if (named) pattern += ':' + name;
    if (type === 'regexp') pattern += `(${value})`;
    else if (type === 'segment' && !named) pattern += `(${options.segment})`;
    else if (type === 'full') {
      const alone = previous === undefined || previous.type === 'fixed' || previous.modifier !== '' || grouped || prefix !== '';
      pattern += !named && alone ? '*' : '(.*)';
    }
    if (type === 'segment' && named && suffix !== '' && isNameChar(Array.from(suffix)[0], false)) pattern += '\\';
    pattern += escapePattern(suffix);
    if (grouped) pattern += '}';
    pattern += modifier;
  }
  return pattern;
}

function compile(input, encode, options, ignoreCase) {
  const { parts } = new PatternParser(input, options, encode);
  const [source, names] = regExpOf(parts, options);
  let regexp;
  try {
    regexp = new RegExp(source, ignoreCase ? 'vi' : 'v');
  } catch {
    throw new TypeError(`URLPattern: ${JSON.stringify(input.slice(0, 200))} has a wrong regular expression`);
  }
  return { regexp, names, pattern: patternOf(parts, options), grouped: parts.some((part) => part.type === 'regexp') };
}

return { tokenize, compile, escapePattern, PLAIN, HOSTNAME, PATHNAME };
