// One document, rewritten whole and cut in two at every byte from `from` to `to` of the query; answers where the results differ.
const DOCUMENT = `\ufeff<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html lang=de><!-- head -- > ! --><head><title>a <b> & <!-- c --></title></head>
<script>if (a < b && c<d) "<!--<script>x</script>-->"; <!-- </b> --></script><style>p > a { }</style>
<body class='x y' data-a="1>2" data-b=a"b'c=d data-c = 'ü€😀' data-a=twice /x>
<p id=p1>Grüße, <em>schöne €😀 Welt</em><br/>5 < 6 <3 </p><? php ?><!bogus></ bogus></><!----><!-->x<!--->y<!--a--!>
<svg viewBox="0 0 1 1"><path d='M0 0'/><![CDATA[ a > b <i> ]]><title><b>in</b></title></svg>
<textarea><p>not</p></textarea><ul><li>one<li>two</ul></p>unmatched</section><img src=a.png><a href=x/>y</a>
<div><div><p>deep</p></div></div>end &amp; <`;

function rewriter(seen) {
  return new HTMLRewriter()
    .on('p', {
      element(e) { seen.push(`<${e.tagName} ${[...e.attributes].join(';')}>`); e.setAttribute('data-ü', '"<&>'); e.append('[append <]'); e.prepend('<i>pre</i>', { html: true }); e.onEndTag((end) => { end.before('(end)'); seen.push(`</${end.name}>`); }); },
      text(t) { texts.push(t.text); if (t.lastInTextNode) { seen.push(texts.join('')); texts.length = 0; } },
    })
    .on('body', { element(e) { seen.push([...e.attributes].join(';')); e.removeAttribute('class'); e.setAttribute('data-a', 'n'); } })
    .on('*', { comments(c) { seen.push(`!${c.text}`); if (c.text === 'a') c.text = 'ä'; else if (c.text.startsWith('bogus')) c.remove(); } })
    .on('em', { element(e) { e.tagName = 'strong'; e.before('<'); e.after('>'); } })
    .on('ul', { element(e) { e.setInnerContent('<li>inner', { html: true }); } })
    .on('a[href="x/"]', { element(e) { e.removeAndKeepContent(); e.after('after a'); } })
    .on('img', { element: (e) => e.replace('IMG') })
    .on('svg path', { element(e) { seen.push(`${e.namespaceURI} ${e.selfClosing}`); e.setAttribute('d', 'M1'); } })
    .on('div > div', { element: (e) => { e.remove(); } })
    .on('script', { element: async (e) => { await null; e.setAttribute('async', ''); } })
    .onDocument({
      doctype(d) { seen.push([d.name, d.publicId, d.systemId].join('|')); },
      end: async (end) => { await null; end.append('<!-- the end -->', { html: true }); },
    });
}
const texts = [];

async function run(pieces) {
  const seen = [];
  texts.length = 0;
  const source = new ReadableStream({ start(c) { for (const piece of pieces) if (piece.length > 0) c.enqueue(piece); c.close(); } });
  const response = rewriter(seen).transform(new Response(source, { headers: { 'content-length': '9', 'content-type': 'text/html; charset=utf-8' } }));
  return `${await response.text()}\n=====\n${seen.join('\n')}\n${response.headers.get('content-length')}`;
}

export default {
  async fetch(request) {
    const query = new URL(request.url).searchParams;
    const bytes = new TextEncoder().encode(DOCUMENT);
    const whole = await run([bytes]);
    if (query.has('whole')) return new Response(whole);
    const wrong = [];
    const to = Math.min(Number(query.get('to')), bytes.length);
    for (let at = Number(query.get('from')); at < to; at += Number(query.get('by') ?? 1)) {
      const cut = await run([bytes.slice(0, at), bytes.slice(at)]);
      if (cut !== whole) wrong.push(`cut at ${at}:\n${cut}`);
    }
    if (query.has('single')) {
      const single = await run([...bytes].map((byte) => new Uint8Array([byte])));
      if (single !== whole) wrong.push(`byte by byte:\n${single}`);
    }
    return new Response(wrong.length === 0 ? `same ${bytes.length}` : wrong[0]);
  },
};
