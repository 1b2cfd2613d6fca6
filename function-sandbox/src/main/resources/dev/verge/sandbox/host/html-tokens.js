// What handlers of HTMLRewriter are given: each is good for the time of its handler only, and collects what becomes of its token.

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const BAD_NAME = /[\t\n\f\r />=\x00]/;

/** Text that a handler adds, as the bytes of the document's encoding. */
function contentOf(bytes, text, html) { return bytes(html ? text : text.replace(/[&<>]/g, (mark) => ESCAPES[mark])); }

/** What is to be written around and in place of a token. */
class Edits {
  before = ''; after = ''; replacement = null; alive = true;
  constructor(document) { this.document = document; }
  bytes(content, options) {
    if (!this.alive) throw new TypeError('HTMLRewriter: this is good in its handler only');
    const html = Boolean(options?.html);
    const stream = shared.isResponse(content) ? content.body ?? '' : content;
    return shared.isReadable(stream) ? this.document.insert(stream, html) : contentOf(this.document.bytes, `${stream}`, html);
  }
  around(source) { return this.before + (this.replacement ?? source) + this.after; }
}

const editsOf = Symbol('edits');

/** What all that a handler gets can do. */
class Token {
  constructor(key, edits) {
    if (key !== MAKING) throw new TypeError('Illegal constructor');
    Object.defineProperty(this, editsOf, { value: edits });
  }
  before(content, options) { const e = this[editsOf]; e.before += e.bytes(content, options); return this; }
  after(content, options) { const e = this[editsOf]; e.after = e.bytes(content, options) + e.after; return this; }
  replace(content, options) { const e = this[editsOf]; e.replacement = e.bytes(content, options); return this; }
  remove() { const e = this[editsOf]; e.bytes(''); e.replacement ??= ''; return this; }
  get removed() { return this[editsOf].replacement !== null; }
}
const MAKING = Symbol('made by the platform');

class Text extends Token {
  get text() { return this[editsOf].text; }
  get lastInTextNode() { return this[editsOf].last; }
}
tag(Text, 'Text');

class Comment extends Token {
  get text() { return this[editsOf].text; }
  set text(value) {
    const e = this[editsOf];
    const text = `${value}`;
    if (/^-?>|--!?>|--!?$/.test(text)) throw new TypeError('Comment: text: would end the comment');
    e.changed = e.bytes(text, { html: true });
    e.text = text;
  }
}
tag(Comment, 'Comment');

class Doctype extends Token {
  get name() { return this[editsOf].parts.name; }
  get publicId() { return this[editsOf].parts.publicId; }
  get systemId() { return this[editsOf].parts.systemId; }
}
tag(Doctype, 'Doctype');

function doctypeParts(text) {
  const found = /^\s*([^\s>]*)\s*(?:(public|system)\s*(?:"([^"]*)"|'([^']*)')?\s*(?:"([^"]*)"|'([^']*)')?)?/i.exec(text);
  const [, name, kind, a, b, c, d] = found;
  const first = a ?? b ?? null;
  const isPublic = kind !== undefined && lower(kind) === 'public';
  return { name: name === '' ? null : lower(name), publicId: isPublic ? first : null, systemId: isPublic ? c ?? d ?? null : first };
}

class DocumentEnd {
  #edits;
  constructor(key, edits) {
    if (key !== MAKING) throw new TypeError('Illegal constructor');
    this.#edits = edits;
  }
  append(content, options) { this.#edits.before += this.#edits.bytes(content, options); return this; }
}
tag(DocumentEnd, 'DocumentEnd');

class EndTag extends Token {
  get name() { return this[editsOf].name; }
  set name(value) { const e = this[editsOf]; e.renamed = tagNameOf(e, value); e.name = `${value}`; }
}
tag(EndTag, 'EndTag');

function tagNameOf(edits, value) {
  const name = `${value}`;
  if (!/^[A-Za-z]/.test(name) || BAD_NAME.test(name)) throw new TypeError(`Element: tagName: ${JSON.stringify(name)} is not a tag's name`);
  return edits.bytes(name, { html: true });
}

class Element extends Token {
  get tagName() { return this[editsOf].name; }
  set tagName(value) { const e = this[editsOf]; e.renamed = tagNameOf(e, value); e.name = `${value}`; }
  get namespaceURI() { return this[editsOf].frame.namespace; }
  get selfClosing() { return this[editsOf].selfClosing; }
  get canHaveContent() { return this[editsOf].frame.content; }
  get attributes() {
    const e = this[editsOf];
    return [...e.frame.attributes().values()].map(({ name, value }) => [e.document.text(name), e.document.text(value)])[Symbol.iterator]();
  }
  getAttribute(name) { return this[editsOf].frame.attribute(lower(`${name}`)); }
  hasAttribute(name) { return this.getAttribute(name) !== null; }
  setAttribute(name, value) {
    const e = this[editsOf];
    const written = lower(`${name}`);
    if (written === '' || BAD_NAME.test(written)) throw new TypeError(`Element.setAttribute: name: ${JSON.stringify(written)} is not an attribute's`);
    const key = e.bytes(written, { html: true });
    const bytes = e.bytes(`${value}`.replaceAll('"', ESCAPES['"']), { html: true });
    e.frame.attributes().set(key, { name: key, value: bytes, source: `${key}="${bytes}"` });
    e.rewritten = true;
    return this;
  }
  removeAttribute(name) {
    const e = this[editsOf];
    if (e.frame.attributes().delete(e.bytes(lower(`${name}`), { html: true }))) e.rewritten = true;
    return this;
  }
  prepend(content, options) { const e = this[editsOf]; e.prepended = e.bytes(content, options) + e.prepended; return this; }
  append(content, options) { const e = this[editsOf]; e.frame.appended += e.bytes(content, options); return this; }
  setInnerContent(content, options) {
    const e = this[editsOf];
    e.inner = e.bytes(content, options);
    e.prepended = e.frame.appended = '';
    return this;
  }
  removeAndKeepContent() { const e = this[editsOf]; e.bytes(''); e.unwrapped = true; return this; }
  get removed() { return this[editsOf].replacement !== null || this[editsOf].unwrapped; }
  onEndTag(handler) {
    const e = this[editsOf];
    e.bytes('');
    if (typeof handler !== 'function') throw new TypeError('Element.onEndTag: a function is needed');
    if (!e.frame.content) throw new TypeError('Element.onEndTag: this element has no end tag');
    e.frame.endHandlers.push(handler);
  }
}
tag(Element, 'Element');
