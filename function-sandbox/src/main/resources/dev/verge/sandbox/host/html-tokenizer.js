// The tokenizer of HTMLRewriter (HTML Standard §13.2.5): finds the tokens in a text of bytes that comes in pieces, and gives each with its
// source, so that what nobody changes stays byte for byte as it was. It does not decode character references and builds no tree.

const MOST_TOKEN = 1 << 20;
const SCRIPT_MARK = /<|-->/g;
const RAW = { script: 'script', style: 'raw', xmp: 'raw', iframe: 'raw', noembed: 'raw', noframes: 'raw', noscript: 'raw',
  textarea: 'raw', title: 'raw', plaintext: 'plain' };
const ENDS_NAME = /[\t\n\f\r />]/g;
function placeOf(pattern, text, from) {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}

const isLetter = (code) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);

/** States of a tag. */
const TAG_NAME = 0;
const BEFORE_NAME = 1;
const ATTRIBUTE_NAME = 2;
const AFTER_NAME = 3;
const BEFORE_VALUE = 4;
const UNQUOTED = 5;
const DOUBLE = 6;
const SINGLE = 7;

/** The state after a character that is not > and not in quotes. */
function step(state, code) {
  const blank = code === 32 || (code >= 9 && code <= 13 && code !== 11);
  switch (state) {
    case TAG_NAME: return blank || code === 47 ? BEFORE_NAME : TAG_NAME;
    case BEFORE_NAME: return blank || code === 47 ? BEFORE_NAME : ATTRIBUTE_NAME;
    case ATTRIBUTE_NAME: return blank ? AFTER_NAME : code === 47 ? BEFORE_NAME : code === 61 ? BEFORE_VALUE : ATTRIBUTE_NAME;
    case AFTER_NAME: return blank ? AFTER_NAME : code === 47 ? BEFORE_NAME : code === 61 ? BEFORE_VALUE : ATTRIBUTE_NAME;
    case BEFORE_VALUE: return blank ? BEFORE_VALUE : code === 34 ? DOUBLE : code === 39 ? SINGLE : UNQUOTED;
    default: return blank ? BEFORE_NAME : UNQUOTED;
  }
}

/** The attributes of a start tag's source: name, value and source of each, the first of a name only (§13.2.5.33). */
function attributesOf(source, nameEnd) {
  const found = new Map();
  let state = TAG_NAME;
  let name = '';
  let from = 0;
  let valueFrom = 0;
  const end = (at, valueEnd) => {
    const value = valueFrom === 0 ? '' : source.slice(valueFrom, valueEnd);
    if (!found.has(name)) found.set(name, { name, value, source: source.slice(from, at) });
    valueFrom = 0;
    name = '';
    from = 0;
  };
  for (let at = nameEnd; at < source.length - 1; at++) {
    if (state >= DOUBLE) {
      at = source.indexOf(state === DOUBLE ? '"' : "'", at);
      end(at + 1, at);
      state = BEFORE_NAME;
      continue;
    }
    const next = step(state, source.charCodeAt(at));
    if (next !== state) {
      if (state === ATTRIBUTE_NAME) name = lower(source.slice(from, at));
      if (next === ATTRIBUTE_NAME) {
        if (state === AFTER_NAME) end(at, at);
        from = at;
      }
      if (next === BEFORE_NAME && state !== TAG_NAME) end(at, at);
      if (next === UNQUOTED) valueFrom = at;
      if (next >= DOUBLE) valueFrom = at + 1;
      state = next;
    }
  }
  const last = source.length - 1;
  if (state === ATTRIBUTE_NAME) name = lower(source.slice(from, last));
  if (state >= ATTRIBUTE_NAME && state <= UNQUOTED) end(last, last);
  return found;
}

/** Finds tokens; `next` gives one, or null when more input is needed. */
class Tokenizer {
  #text = ''; #at = 0; #ended = false; #raw = ''; #kind = ''; #escaped = 0;
  /** How far an unfinished token was looked through, and the state of a tag there. */
  #scan = 0; #state = TAG_NAME; #foreign;
  constructor(foreign) { this.#foreign = foreign; }
  feed(text, last) {
    this.#text = this.#at === this.#text.length ? text : this.#text.slice(this.#at) + text;
    this.#scan = Math.max(0, this.#scan - this.#at);
    this.#at = 0;
    this.#ended = last;
  }
  /** What follows is the content of an element that holds no markup. */
  enter(name) { this.#kind = RAW[name] ?? ''; this.#raw = this.#kind === '' ? '' : name; this.#escaped = 0; }
  next() {
    if (this.#at === this.#text.length) return null;
    return this.#kind === '' ? this.#markup() : this.#rawText();
  }
  #give(type, end, more) {
    const source = this.#text.slice(this.#at, end);
    this.#at = end;
    this.#scan = 0;
    this.#state = TAG_NAME;
    return { type, source, ...more };
  }
  /** The rest is not a whole token: wait for more, or take it as it is when nothing comes. */
  #unfinished(ending = 'text') {
    if (this.#ended) return this.#give(ending, this.#text.length);
    if (this.#text.length - this.#at > MOST_TOKEN) throw new TypeError(`HTMLRewriter: a tag or comment has more than ${MOST_TOKEN} bytes`);
    return null;
  }
  #markup() {
    const text = this.#text;
    const start = this.#at;
    if (text.charCodeAt(start) !== 60) return this.#untilMarkup(text.indexOf('<', start));
    if (start + 1 === text.length) return this.#unfinished();
    const code = text.charCodeAt(start + 1);
    if (isLetter(code)) return this.#tag('start', start + 1);
    if (code === 33) return this.#declaration(start);
    if (code === 63) return this.#until('>', start + 1, 'comment', 1);
    if (code !== 47) return this.#untilMarkup(text.indexOf('<', start + 1));
    if (start + 2 === text.length) return this.#unfinished();
    if (isLetter(text.charCodeAt(start + 2))) return this.#tag('end', start + 2);
    return text.charCodeAt(start + 2) === 62 ? this.#give('nothing', start + 3) : this.#until('>', start + 2, 'comment', 2);
  }
  #untilMarkup(end) { return this.#give('text', end < 0 ? this.#text.length : end); }
  /** A token up to a mark; `head` characters of its source stand before its text. */
  #until(mark, from, type, head) {
    const end = this.#text.indexOf(mark, Math.max(from, this.#scan));
    if (end < 0) {
      this.#scan = Math.max(from, this.#text.length - mark.length + 1);
      return this.#unfinished('nothing');
    }
    return this.#give(type, end + mark.length, { text: this.#text.slice(this.#at + head, end) });
  }
  #declaration(start) {
    const text = this.#text;
    const head = text.slice(start, start + 9);
    if (head.startsWith('<!--')) return this.#comment(start);
    if (/^<!doctype$/i.test(head)) return this.#until('>', start + 9, 'doctype', 9);
    if (head === '<![CDATA[' && this.#foreign()) return this.#until(']]>', start + 9, 'nothing', 0);
    // What may yet become one of these is not a comment before it is known.
    if (!this.#ended && head.length < 9 && ('<!--'.startsWith(head) || '<!doctype'.startsWith(head.toLowerCase())
      || '<![CDATA['.startsWith(head))) return this.#unfinished();
    return this.#until('>', start + 2, 'comment', 2);
  }
  #comment(start) {
    const text = this.#text;
    if (!this.#ended && text.length < start + 6) return this.#unfinished();
    if (text[start + 4] === '>') return this.#give('comment', start + 5, { text: '' });
    if (text.startsWith('->', start + 4)) return this.#give('comment', start + 6, { text: '' });
    for (let at = Math.max(start + 4, this.#scan); ;) {
      const dashes = text.indexOf('--', at);
      if (dashes < 0) {
        this.#scan = Math.max(start + 4, text.length - 1);
        return this.#unfinished('nothing');
      }
      if (text[dashes + 2] === '>') return this.#give('comment', dashes + 3, { text: text.slice(start + 4, dashes) });
      if (text.startsWith('!>', dashes + 2)) return this.#give('comment', dashes + 4, { text: text.slice(start + 4, dashes) });
      if (dashes + 4 > text.length && !this.#ended) {
        this.#scan = dashes;
        return this.#unfinished('nothing');
      }
      at = dashes + 1;
    }
  }
  /** A tag, through the states of §13.2.5.8 and §13.2.5.32 to 40; where it stops for more input it goes on later. */
  #tag(type, nameAt) {
    const text = this.#text;
    let state = this.#state;
    for (let at = Math.max(nameAt, this.#scan); at < text.length; at++) {
      if (state >= DOUBLE) {
        at = text.indexOf(state === DOUBLE ? '"' : "'", at);
        if (at < 0) break;
        state = BEFORE_NAME;
        continue;
      }
      const code = text.charCodeAt(at);
      if (code === 62) {
        ENDS_NAME.lastIndex = nameAt;
        const nameEnd = ENDS_NAME.exec(text).index;
        const selfClosing = state === BEFORE_NAME && text[at - 1] === '/';
        return this.#give(type, at + 1, { name: lower(text.slice(nameAt, nameEnd)), nameEnd: nameEnd - this.#at, selfClosing });
      }
      state = step(state, code);
    }
    this.#scan = text.length;
    this.#state = state;
    return this.#unfinished('nothing');
  }
  #rawText() {
    const text = this.#text;
    const start = this.#at;
    if (this.#kind === 'plain') return this.#give('text', text.length);
    for (let at = start; ;) {
      const mark = this.#kind === 'script' ? placeOf(SCRIPT_MARK, text, at) : text.indexOf('<', at);
      if (mark < 0) return this.#rawRest(start);
      const kept = this.#rawMark(mark);
      if (kept === null) return mark > start ? this.#give('text', mark) : this.#unfinished();
      if (kept === 0) {
        if (mark > start) return this.#give('text', mark);
        const name = this.#raw;
        this.enter('');
        const closing = this.#tag('end', start + 2);
        // Not whole yet: the same again with more.
        if (closing === null) this.enter(name);
        return closing;
      }
      at = mark + kept;
    }
  }
  /** Text up to where the end of an escape may begin. */
  #rawRest(start) {
    const text = this.#text;
    const held = this.#kind !== 'script' || this.#ended ? 0 : text.endsWith('--') ? 2 : text.endsWith('-') ? 1 : 0;
    return text.length - held > start ? this.#give('text', text.length - held) : this.#unfinished();
  }
  /** What stands at a mark in raw text: 0 its end tag, null not known yet, else how much of it is text (§13.2.5.15 to 31). */
  #rawMark(mark) {
    const text = this.#text;
    if (text[mark] === '-') { this.#escaped = 0; return 3; }
    const longest = Math.max(4, this.#raw.length + 3);
    const piece = text.slice(mark, mark + longest).toLowerCase();
    const whole = piece.length === longest || this.#ended;
    const named = (lead) => piece.startsWith(lead + this.#raw) && /[\t\n\f\r />]/.test(piece[lead.length + this.#raw.length] ?? '');
    if (named('</')) {
      if (this.#escaped < 2) return 0;
      this.#escaped = 1;
      return 2;
    }
    if (this.#kind === 'script') {
      if (piece.startsWith('<!--')) {
        if (this.#escaped === 0) this.#escaped = 1;
        // "<!-->" ends at once.
        return 2;
      }
      if (this.#escaped === 1 && named('<')) { this.#escaped = 2; return 2; }
    }
    const mayBe = `</${this.#raw}`.startsWith(piece.slice(0, this.#raw.length + 2))
      || (this.#kind === 'script' && ('<!--'.startsWith(piece) || '<script'.startsWith(piece.slice(0, 7))));
    return !whole && mayBe ? null : 1;
  }
}

