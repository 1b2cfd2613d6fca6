// HTMLRewriter: reads a response's body as it comes, gives its tokens to handlers, and writes what they make of it. Documents are worked
// on as texts of bytes: what nobody changes goes out as it came, whatever its encoding.

const VOID = new Set(['area', 'base', 'basefont', 'bgsound', 'br', 'col', 'embed', 'frame', 'hr', 'img', 'input', 'keygen', 'link', 'meta',
  'param', 'source', 'track', 'wbr']);
const HTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';
const MATH = 'http://www.w3.org/1998/Math/MathML';
/** Elements of other languages in which HTML goes on (HTML Standard §13.2.6). */
const BACK_TO_HTML = new Map([[SVG, new Set(['foreignobject', 'desc', 'title'])], [MATH, new Set(['mi', 'mo', 'mn', 'ms', 'mtext'])]]);
/** Encodings in which bytes below 0x80 are not ASCII wherever they stand. */
const NOT_ASCII = new Set(['utf-16le', 'utf-16be', 'iso-2022-jp']);
const DEEPEST = 65536;
const HIGH = /[\x80-\uffff]/;
/** Streams that handlers add to one document. */
const MOST_STREAMS = 1000;
/** Stands in a text of bytes for a stream: not a byte, and its number. */
const PLACE = /(\u0100[\u0200-\uffff])/;

/** How texts of a document's bytes become texts and back. */
class Encoded {
  #decoder; #utf8;
  inserted = [];
  constructor(label) {
    let decoder = null;
    try { decoder = new shared.TextDecoder(label ?? 'utf-8', { ignoreBOM: true }); } catch { decoder = new shared.TextDecoder('utf-8', { ignoreBOM: true }); }
    if (NOT_ASCII.has(decoder.encoding)) throw new TypeError(`HTMLRewriter: documents in ${decoder.encoding} cannot be rewritten`);
    this.#decoder = decoder;
    this.#utf8 = decoder.encoding === 'utf-8';
    this.bytes = (text) => this.#bytes(text);
  }
  text(bytes) { return HIGH.test(bytes) ? this.#decoder.decode(rawBytes(bytes)) : bytes; }
  #bytes(text) {
    if (!HIGH.test(text)) return text;
    if (this.#utf8) return rawText(utf8(text));
    return text.replace(/[^\x00-\x7f]/gu, (character) => `&#${character.codePointAt(0)};`);
  }
  /** The place of a stream. */
  insert(stream, html) {
    if (stream.locked) throw new TypeError('HTMLRewriter: the content is a stream that is being read');
    if (this.inserted.length === MOST_STREAMS) throw new TypeError(`HTMLRewriter: more than ${MOST_STREAMS} streams in one document`);
    return `\u0100${String.fromCharCode(0x200 + this.inserted.push(new Inserted(this, stream, html)) - 1)}`;
  }
  /** A text of bytes and places, cut at these. */
  parts(text) {
    if (this.inserted.length === 0) return [text];
    return text.split(PLACE).map((part) => (part.charCodeAt(0) === 0x100 ? this.inserted[part.charCodeAt(1) - 0x200] : part));
  }
  /** How much of the end of a text is the beginning of a character. */
  cut(bytes) {
    if (!this.#utf8) return 0;
    for (let back = 1; back <= Math.min(3, bytes.length); back++) {
      const code = bytes.charCodeAt(bytes.length - back);
      if (code < 0x80) return 0;
      if (code >= 0xc0) return back < (code >= 0xf0 ? 4 : code >= 0xe0 ? 3 : 2) ? back : 0;
    }
    return 0;
  }
}

function rawText(bytes) { return host.latin1(bytes.buffer, bytes.byteOffset, bytes.byteLength); }
function rawBytes(text) { return copyOf(host.latin1Bytes(text)); }

/** A stream as content: UTF-8, from now on read by nobody else. */
class Inserted {
  #document; #html; #decoder = new shared.TextDecoder();
  constructor(document, stream, html) {
    this.#document = document;
    this.#html = html;
    this.reader = shared.acquireReader(shared.readableState(stream));
  }
  /** The bytes of its next piece; of its end without one. */
  text(piece) {
    if (piece === undefined) return contentOf(this.#document.bytes, this.#decoder.decode(), this.#html);
    const bytes = viewOf(piece);
    if (bytes === null) throw new TypeError('HTMLRewriter: a stream that is content gave something else than bytes');
    return bytes.length === 0 ? '' : contentOf(this.#document.bytes, this.#decoder.decode(bytes, { stream: true }), this.#html);
  }
}

/** An open element. */
class Frame {
  index = 0; typeIndex = 0; children = 0; types = null; appended = ''; afterwards = ''; endHandlers = []; renamed = null; dropsTags = false;
  hides = false; masks = null; handlers; content = true;
  #attributes = null;
  constructor(name, namespace, token, document, parent) {
    this.name = name; this.namespace = namespace; this.token = token; this.document = document; this.handlers = parent?.handlers ?? [];
  }
  attributes() { return (this.#attributes ??= attributesOf(this.token.source, this.token.nameEnd)); }
  attribute(name) {
    const found = this.attributes().get(HIGH.test(name) ? this.document.bytes(name) : name);
    return found === undefined ? null : this.document.text(found.value);
  }
  /** The element's place among those of its parent. */
  placeIn(parent, ofType) {
    this.index = ++parent.children;
    if (!ofType) return;
    parent.types ??= new Map();
    this.typeIndex = (parent.types.get(this.name) ?? 0) + 1;
    parent.types.set(this.name, this.typeIndex);
  }
}

/** The rewriting of one document. `rewrite` is a generator of promises that must settle before it goes on. */
class Rewriting {
  #selected; #everywhere; #encoded; #tokenizer; #frames; #open = new Map(); #out = ''; #hidden = 0; #ofType; #held = ''; #inText = null;
  constructor(selected, everywhere, encoded) {
    this.#selected = selected;
    this.#everywhere = everywhere;
    this.#encoded = encoded;
    this.#ofType = selected.some(({ selector }) => selector.ofType);
    const chains = selected.reduce((sum, { selector }) => sum + selector.chains.length, 0);
    const root = new Frame('', HTML, null, encoded, null);
    root.masks = new Array(2 * chains).fill(0);
    root.handlers = everywhere;
    this.#frames = [root];
    this.#tokenizer = new Tokenizer(() => this.#top.namespace !== HTML);
  }
  get #top() { return this.#frames[this.#frames.length - 1]; }
  taken() { const out = this.#out; this.#out = ''; return out; }
  #write(text) { if (this.#hidden === 0) this.#out += text; }
  *rewrite(piece, last) {
    this.#tokenizer.feed(piece, last);
    for (let token = this.#tokenizer.next(); token !== null; token = this.#tokenizer.next()) {
      if (token.type === 'text') { yield* this.#text(token.source); continue; }
      if (this.#inText !== null) yield* this.#textEnd();
      switch (token.type) {
        case 'start': yield* this.#start(token); break;
        case 'end': yield* this.#end(token); break;
        case 'comment': yield* this.#comment(token); break;
        case 'doctype': yield* this.#doctype(token); break;
        default: this.#write(token.source);
      }
    }
    if (!last) return;
    if (this.#inText !== null) yield* this.#textEnd();
    while (this.#frames.length > 1) this.#leave();
    const edits = new Edits(this.#encoded);
    for (const handler of this.#everywhere) yield* this.#tell(handler, 'end', new DocumentEnd(MAKING, edits));
    edits.alive = false;
    this.#write(edits.before);
  }
  *#tell(handler, name, given) {
    const { [name]: method } = handler;
    if (method === undefined || method === null) return;
    const result = method.call(handler, given);
    if (isObject(result) && typeof result.then === 'function') yield result;
  }
  *#each(handlers, name, given, edits) {
    for (const handler of handlers) yield* this.#tell(handler, name, given);
    edits.alive = false;
  }
  *#text(source) {
    const listeners = this.#top.handlers.filter(({ text }) => text !== undefined);
    if (listeners.length === 0) { this.#write(source); return; }
    this.#inText = listeners;
    const all = this.#held + source;
    const cut = this.#encoded.cut(all);
    this.#held = cut === 0 ? '' : all.slice(-cut);
    if (cut < all.length) yield* this.#textPiece(listeners, cut === 0 ? all : all.slice(0, -cut), false);
  }
  *#textEnd() {
    const listeners = this.#inText;
    const rest = this.#held;
    this.#inText = null;
    this.#held = '';
    yield* this.#textPiece(listeners, rest, true);
  }
  *#textPiece(listeners, source, last) {
    const edits = new Edits(this.#encoded);
    edits.text = this.#encoded.text(source);
    edits.last = last;
    yield* this.#each(listeners, 'text', new Text(MAKING, edits), edits);
    this.#write(edits.around(source));
  }
  *#comment(token) {
    const listeners = this.#top.handlers;
    const edits = new Edits(this.#encoded);
    edits.text = this.#encoded.text(token.text);
    yield* this.#each(listeners, 'comments', new Comment(MAKING, edits), edits);
    this.#write(edits.around(edits.changed === undefined ? token.source : `<!--${edits.changed}-->`));
  }
  *#doctype(token) {
    const edits = new Edits(this.#encoded);
    edits.parts = doctypeParts(this.#encoded.text(token.text));
    yield* this.#each(this.#everywhere, 'doctype', new Doctype(MAKING, edits), edits);
    this.#write(edits.around(token.source));
  }
  *#start(token) {
    const parent = this.#top;
    const { name } = token;
    const inner = BACK_TO_HTML.get(parent.namespace)?.has(parent.name) ? HTML : parent.namespace;
    const namespace = name === 'svg' ? SVG : name === 'math' ? MATH : inner;
    const frame = new Frame(name, namespace, token, this.#encoded, parent);
    frame.content = namespace === HTML ? !VOID.has(name) : !token.selfClosing;
    frame.placeIn(parent, this.#ofType);
    const matched = this.#match(frame, parent);
    if (matched.length === 0) {
      this.#write(token.source);
    } else {
      if (matched.some(({ text, comments }) => text !== undefined || comments !== undefined)) {
        frame.handlers = [...matched.filter((one) => !parent.handlers.includes(one)), ...parent.handlers];
      }
      yield* this.#element(frame, matched);
    }
    if (!frame.content) return;
    if (this.#frames.length === DEEPEST) throw new TypeError(`HTMLRewriter: elements are more than ${DEEPEST} deep`);
    this.#frames.push(frame);
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    if (frame.hides) this.#hidden++;
    if (namespace === HTML) this.#tokenizer.enter(name);
  }
  #match(frame, parent) {
    const matched = [];
    const masks = frame.masks = new Array(parent.masks.length);
    let from = 0;
    for (const { selector, handler } of this.#selected) {
      if (matchChains(selector.chains, from, frame, parent.masks, masks)) matched.push(handler);
      from += 2 * selector.chains.length;
    }
    return matched;
  }
  *#element(frame, matched) {
    const { token } = frame;
    const edits = new Edits(this.#encoded);
    Object.assign(edits, { frame, name: token.source.slice(1, token.nameEnd), renamed: null, rewritten: false, prepended: '', inner: null,
      unwrapped: false, selfClosing: token.selfClosing });
    edits.name = this.#encoded.text(lower(edits.name));
    yield* this.#each(matched, 'element', new Element(MAKING, edits), edits);
    const removed = edits.replacement !== null;
    frame.renamed = edits.renamed;
    frame.dropsTags = removed || edits.unwrapped;
    let tagText = token.source;
    if (edits.unwrapped || removed) tagText = '';
    else if (edits.rewritten || edits.renamed !== null) tagText = startTag(edits, token);
    this.#write(edits.before + (removed ? edits.replacement : tagText));
    if (!frame.content) { this.#write(edits.after); return; }
    if (!removed) this.#write(edits.prepended + (edits.inner ?? ''));
    frame.hides = removed || edits.inner !== null;
    if (removed) frame.appended = '';
    frame.afterwards = edits.after;
  }
  *#end(token) {
    const { name } = token;
    if ((this.#open.get(name) ?? 0) === 0) { this.#write(token.source); return; }
    while (this.#top.name !== name) this.#leave();
    const frame = this.#top;
    const plain = frame.renamed === null ? token.source : `</${frame.renamed}>`;
    const edits = new Edits(this.#encoded);
    if (frame.endHandlers.length > 0) {
      edits.name = this.#encoded.text(lower(token.source.slice(2, token.nameEnd)));
      edits.renamed = null;
      const given = new EndTag(MAKING, edits);
      for (const handler of frame.endHandlers) {
        const result = handler(given);
        if (isObject(result) && typeof result.then === 'function') yield result;
      }
      edits.alive = false;
    }
    this.#leave(edits.before
      + (edits.replacement ?? (frame.dropsTags ? '' : edits.renamed ? `</${edits.renamed}>` : plain)) + edits.after);
  }
  /** Closes the innermost element, with an end tag or without. */
  #leave(endTag = '') {
    const frame = this.#frames.pop();
    this.#open.set(frame.name, this.#open.get(frame.name) - 1);
    if (frame.hides) this.#hidden--;
    this.#write(frame.appended + endTag + frame.afterwards);
  }
}

function startTag(edits, token) {
  let text = `<${edits.renamed ?? token.source.slice(1, token.nameEnd)}`;
  for (const { source } of edits.frame.attributes().values()) text += ` ${source}`;
  return `${text}${token.selfClosing ? ' />' : '>'}`;
}

/** Runs a generator of promises to its end; a promise only where there was one to wait for. */
function driven(running, value, failed) {
  const next = failed ? running.throw(value) : running.next(value);
  if (next.done) return undefined;
  return shared.then(shared.PromiseOf.resolve(next.value), (result) => driven(running, result, false), (error) => driven(running, error, true));
}

function checkedHandlers(handlers, what) {
  if (!isObject(handlers)) throw new TypeError(`HTMLRewriter.${what}: handlers must be an object`);
  return handlers;
}

class HTMLRewriter {
  #selected = []; #everywhere = [];
  on(selector, handlers) {
    needs(arguments.length, 2, 'HTMLRewriter.on');
    const handler = checkedHandlers(handlers, 'on');
    this.#selected.push({ selector: compileSelector(`${selector}`), handler });
    return this;
  }
  onDocument(handlers) {
    needs(arguments.length, 1, 'HTMLRewriter.onDocument');
    this.#everywhere.push(checkedHandlers(handlers, 'onDocument'));
    return this;
  }
  transform(response) {
    needs(arguments.length, 1, 'HTMLRewriter.transform');
    if (!shared.isResponse(response)) throw new TypeError('HTMLRewriter.transform: a Response is needed');
    if (response.bodyUsed) throw new TypeError('HTMLRewriter.transform: the body was already read');
    const headers = new shared.Headers(response.headers);
    headers.delete('content-length');
    const { status, statusText, body } = response;
    if (body === null) return new shared.Response(null, { status, statusText, headers });
    const label = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers.get('content-type') ?? '')?.[1];
    const document = new Encoded(label);
    const rewriting = new Rewriting([...this.#selected], [...this.#everywhere], document);
    return new shared.Response(rewritten(body, rewriting, document), { status, statusText, headers });
  }
}
tag(HTMLRewriter, 'HTMLRewriter');

/** The stream of what becomes of a body: it and the streams in it are read only as far as somebody reads it. */
function rewritten(body, rewriting, document) {
  const reader = shared.acquireReader(shared.readableState(body));
  let parts = [];
  let inserted = null;
  let ended = false;
  const cancel = (reason) => {
    for (const { reader: waiting } of document.inserted) shared.handled(waiting.cancel(reason));
    return reader.cancel(reason);
  };
  const pull = (control) => new shared.PromiseOf((resolve, reject) => {
    const fail = (error) => { shared.handled(cancel(error)); reject(error); };
    let wrote = false;
    const write = (text) => {
      if (text === '') return;
      control.enqueue(rawBytes(text));
      wrote = true;
    };
    /** Gives what is there, of a stream one piece at a time, or reads on. */
    const step = () => {
      while (inserted === null && parts.length > 0) {
        const part = parts.shift();
        if (typeof part === 'string') write(part); else inserted = part;
      }
      const over = ended && inserted === null;
      if (over) shared.endStream(control);
      if (over || wrote) resolve(undefined);
      else if (inserted !== null) inserted.reader.read(piece);
      else reader.read(request);
    };
    // What is there already is given at once: many small pieces that make nothing must not pile up on the stack.
    let stepping = false;
    let again = false;
    const giveOn = () => {
      again = true;
      if (stepping) return;
      stepping = true;
      while (again) { again = false; step(); }
      stepping = false;
    };
    const given = (value, over) => {
      try {
        write(inserted.text(value));
        if (over) inserted = null;
        giveOn();
      } catch (error) {
        fail(error);
      }
    };
    const piece = { chunk: (value) => given(value, false), close: () => given(undefined, true), error: fail };
    const take = (source, last) => {
      try {
        const given = () => {
          parts = document.parts(rewriting.taken());
          ended = last;
          giveOn();
        };
        const waits = driven(rewriting.rewrite(source, last), undefined, false);
        if (waits === undefined) given(); else shared.then(waits, () => { try { given(); } catch (error) { fail(error); } }, fail);
      } catch (error) {
        fail(error);
      }
    };
    const request = {
      chunk(value) {
        const bytes = viewOf(value);
        if (bytes === null) fail(new TypeError('HTMLRewriter: the body gave something else than bytes'));
        else take(rawText(bytes), false);
      },
      close() { take('', true); },
      error: reject,
    };
    giveOn();
  });
  return shared.streamOfChunks({ __proto__: null, pull, cancel });
}

return { HTMLRewriter };
