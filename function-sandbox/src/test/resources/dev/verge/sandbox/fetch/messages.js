const U = 'http://x.example/p';
const stream = () => new ReadableStream({ start(c) { c.enqueue(utf8('ab')); c.close(); } });
// Requests
gives('what a request has by itself', () => { const r = new Request(U); return [r.method, r.url, r.cache, r.credentials, r.mode, r.redirect, r.referrer, r.referrerPolicy, r.integrity, r.keepalive, r.destination, r.duplex, r.body, r.bodyUsed]; },
  ['GET', U, 'default', 'same-origin', 'cors', 'follow', 'about:client', '', '', false, '', 'half', null, false]);
gives('what is given is kept', () => { const r = new Request(U, { cache: 'no-store', credentials: 'omit', mode: 'same-origin', redirect: 'manual', referrer: '', referrerPolicy: 'origin', integrity: 'sha256-x', keepalive: 1 });
  return [r.cache, r.credentials, r.mode, r.redirect, r.referrer, r.referrerPolicy, r.integrity, r.keepalive]; }, ['no-store', 'omit', 'same-origin', 'manual', '', 'origin', 'sha256-x', true]);
gives('init is read in the order of names', () => { const log = []; new Request(U, new Proxy({}, { get(t, k) { log.push(k); return undefined; } })); return log.join(); },
  'body,cache,credentials,duplex,headers,integrity,keepalive,method,mode,priority,redirect,referrer,referrerPolicy,signal,verge,window');
gives('known methods are put in upper case, others kept', () => ['get', 'post', 'put', 'delete', 'options', 'head', 'patch', 'Chicken'].map((method) => new Request(U, { method }).method).join(),
  'GET,POST,PUT,DELETE,OPTIONS,HEAD,patch,Chicken');
for (const [name, init] of Object.entries({
  'method with a space': { method: 'A B' }, 'method CONNECT': { method: 'connect' }, 'method TRACE': { method: 'TRACE' }, 'body with GET': { body: 'x' }, 'body with HEAD': { method: 'HEAD', body: '' },
  cache: { cache: 'x' }, credentials: { credentials: 'x' }, mode: { mode: 'x' }, 'mode navigate': { mode: 'navigate' }, redirect: { redirect: 'x' }, referrer: { referrer: 'http://:x' }, referrerPolicy: { referrerPolicy: 'x' },
  signal: { signal: {} }, window: { window: 1 }, duplex: { duplex: 'full' }, priority: { priority: 'x' }, 'only-if-cached elsewhere': { cache: 'only-if-cached' }, 'no-cors with PUT': { mode: 'no-cors', method: 'PUT' },
})) refuses(`Request: ${name}`, () => new Request(U, init));
for (const url of ['', '/p', 'http://u:p@x.example/', 'http://']) refuses(`Request of ${url}`, () => new Request(url));
refuses('init must be an object', () => new Request(U, 1));
refuses('a stream needs duplex', () => new Request(U, { method: 'POST', body: stream() }));
gives('with duplex it is sent', () => new Request(U, { method: 'POST', body: stream(), duplex: 'half' }).text(), 'ab');
gives('of another request: the body moves', async () => { const a = new Request(U, { method: 'POST', body: 'abc' }); const b = new Request(a); return [a.bodyUsed, await b.text(), b.method]; }, [true, 'abc', 'POST']);
gives('a stream moves too', async () => { const a = new Request(U, { method: 'POST', body: stream(), duplex: 'half' }); const b = new Request(a); return [a.bodyUsed, a.body.locked, await b.text()]; }, [true, true, 'ab']);
gives('a new body leaves the old one', async () => { const a = new Request(U, { method: 'POST', body: 'abc' }); const b = new Request(a, { body: 'd' }); return [a.bodyUsed, await b.text(), await a.text()]; }, [false, 'd', 'abc']);
refuses('a used body does not move', async () => { const a = new Request(U, { method: 'POST', body: 'abc' }); await a.text(); return new Request(a); });
gives('a signal is followed, not shared', () => { const c = new AbortController(); const r = new Request(U, { signal: c.signal }); const s = r.clone(); c.abort('why'); return [r.signal === c.signal, r.signal.aborted, r.signal.reason, s.signal.reason]; }, [false, true, 'why', 'why']);
gives('null ends the following', () => { const c = new AbortController(); c.abort(); return new Request(new Request(U, { signal: c.signal }), { signal: null }).signal.aborted; }, false);
gives('a clone reads alike', async () => { const a = new Request(U, { method: 'POST', body: stream(), duplex: 'half', headers: { a: '1' } }); const b = a.clone(); return [await a.text(), await b.text(), b.headers.get('a'), b.url]; }, ['ab', 'ab', '1', U]);
// Responses
gives('what a response has by itself', () => { const r = new Response(); return [r.status, r.statusText, r.ok, r.type, r.url, r.redirected, r.body, r.bodyUsed]; }, [200, '', true, 'default', '', false, null, false]);
for (const status of [0, 100, 101, 199, 600, 1000, -1]) refuses(`status ${status}`, () => new Response(null, { status }), 'RangeError');
for (const status of [204, 205, 304]) refuses(`a body with ${status}`, () => new Response('', { status }));
for (const statusText of ['\n', 'Ā', '\x7f']) refuses(`statusText ${JSON.stringify(statusText)}`, () => new Response(null, { statusText }));
gives('an error', () => { const r = Response.error(); return [r.type, r.status, r.body]; }, ['error', 0, null]);
gives('json', async () => { const r = Response.json({ a: 1 }, { status: 201, headers: { 'content-type': 'x/y' } }); return [r.status, r.headers.get('content-type'), await r.text()]; }, [201, 'x/y', '{"a":1}']);
refuses('json of nothing', () => Response.json(undefined));
refuses('json of a loop', () => { const a = {}; a.a = a; return Response.json(a); });
gives('redirects', () => [301, 302, 303, 307, 308].map((s) => { const r = Response.redirect('http://x.example/é', s); return r.status + r.headers.get('location'); })[1], '302http://x.example/%C3%A9');
refuses('a redirect with another status', () => Response.redirect(U, 304), 'RangeError');
refuses('a redirect to no URL', () => Response.redirect('/p'));
gives('a clone of a clone', async () => { const a = new Response('abc', { status: 201, statusText: 'X' }); const b = a.clone().clone(); return [b.status, b.statusText, await b.text(), a.bodyUsed]; }, [201, 'X', 'abc', false]);
refuses('a used response has no clone', async () => { const r = new Response('a'); await r.text(); r.clone(); });
refuses('a locked response has no clone', () => { const r = new Response('a'); r.body.getReader(); r.clone(); });
// Bodies
const bodies = { text: ['aé', 'text/plain;charset=UTF-8'], bytes: [utf8('aé'), null], buffer: [utf8('aé').buffer, null], view: [new DataView(utf8('-aé').buffer, 1), null],
  params: [new URLSearchParams({ a: 'é' }), 'application/x-www-form-urlencoded;charset=UTF-8'], blob: [new Blob(['aé'], { type: 'A/B' }), 'a/b'], untyped: [new Blob(['aé']), null], object: [{ toString: () => 'aé' }, 'text/plain;charset=UTF-8'] };
for (const [name, [init, type]] of Object.entries(bodies)) {
  const text = name === 'params' ? 'a=%C3%A9' : 'aé';
  gives(`${name}: its type`, () => new Response(init).headers.get('content-type'), type);
  gives(`${name} as text`, () => new Response(init).text(), text);
  gives(`${name} as bytes`, () => new Response(init).bytes(), utf8(text));
  gives(`${name} as a buffer`, async () => new Uint8Array(await new Response(init).arrayBuffer()), utf8(text));
  gives(`${name} as a blob`, async () => { const b = await new Response(init).blob(); return [b.type, await b.text()]; }, [(type ?? '').replace('; ', ';').replace('UTF-8', name === 'x' ? '' : 'UTF-8').toLowerCase().replace('utf-8', 'utf-8'), text].map((t, i) => (i === 0 && type?.includes('UTF-8') ? type : t)));
  gives(`${name} as a stream`, async () => { let all = ''; for await (const chunk of new Response(init).body) all += new TextDecoder().decode(chunk); return all; }, text);
}
gives('bytes are copied when given', async () => { const b = new Uint8Array([1, 2]); const r = new Response(b); b[0] = 9; return r.bytes(); }, new Uint8Array([1, 2]));
gives('a clone has bytes of its own', async () => { const a = new Response(new Uint8Array([1])); const b = a.clone(); (await a.bytes())[0] = 9; return b.bytes(); }, new Uint8Array([1]));
gives('the mark at the start of text is dropped', async () => [await new Response('\ufeffa').text(), await new Response(new Uint8Array([0xef, 0xbb, 0xbf, 97])).text(), (await new Response('\ufeffa').bytes()).length], ['a', 'a', 4]);
gives('lone surrogates are replaced', () => new Response('a\ud800').text(), 'a\ufffd');
refuses('json that is none', () => new Response('{').json(), 'SyntaxError');
refuses('a second reading', async () => { const r = new Response('a'); await r.text(); return r.text(); });
refuses('reading what is locked', () => { const r = new Response('a'); r.body.getReader(); return r.text(); });
gives('reading a stream shows', async () => { const r = new Response('a'); const reader = r.body.getReader(); const before = r.bodyUsed; await reader.read(); return [before, r.bodyUsed]; }, [false, true]);
refuses('a stream of something else', () => new Response(new ReadableStream({ start(c) { c.enqueue('a'); c.close(); } })).text());
refuses('a stream that was read', async () => { const s = stream(); await s.getReader().read(); return new Response(s); });
refuses('a stream that is locked', () => { const s = stream(); s.getReader(); return new Response(s); });
refuses('a stream that fails', () => new Response(new ReadableStream({ pull() { throw new RangeError('x'); } })).text(), 'RangeError');
gives('a body that was consumed has a locked stream', async () => { const r = new Response('a'); await r.text(); return [r.body.locked, r.bodyUsed]; }, [true, true]);
refuses('methods refuse other objects', () => Response.prototype.text.call({}));
gives('prototypes are plain', () => [Object.getPrototypeOf(Request.prototype) === Object.prototype, Object.getPrototypeOf(Response.prototype) === Object.prototype, Request.length, Response.length, fetch.length], [true, true, 1, 0, 1]);
gives('nothing of the inside shows', () => { const r = new Response('a'); return [Reflect.ownKeys(r), Reflect.ownKeys(new Request(U)), Reflect.ownKeys(new Headers())].flat().length; }, 0);
// data: URLs
gives('a data: URL', async () => { const r = await fetch('data:Text/HTML;a="b;c",%3Cb%3E#x'); return [r.status, r.headers.get('content-type'), await r.text()]; }, [200, 'text/html;a="b;c"', '<b>']);
gives('a data: URL in base64', async () => { const r = await fetch('data:;base64,YW%4A%6A'); return [r.headers.get('content-type'), await r.text()]; }, ['text/plain;charset=US-ASCII', 'abc']);
refuses('a data: URL without comma', () => fetch('data:x'));
refuses('other schemes', () => fetch('ftp://x.example/'));
gives('aborted before: the reason', async () => { try { await fetch(U, { signal: AbortSignal.abort('why') }); } catch (error) { return error; } return 'none'; }, 'why');
gives('HEAD of a data: URL', async () => (await fetch('data:,x', { method: 'HEAD' })).text(), '');
gives('a content type ends at HTTP whitespace only', async () => (await new Response('', { headers: { 'content-type': 'x/y\u000b;a=b' } }).blob()).type, '');
// blob: URLs
gives('a blob: URL', async () => {
  const url = URL.createObjectURL(new Blob(['abc'], { type: 'text/x' }));
  const r = await fetch(url + '#part');
  return [/^blob:null\/[-0-9a-f]{36}$/.test(url), r.status, r.headers.get('content-type'), r.headers.get('content-length'), await r.text()];
}, [true, 200, 'text/x', '3', 'abc']);
refuses('a blob: URL that was revoked', () => { const url = URL.createObjectURL(new Blob()); URL.revokeObjectURL(url); return fetch(url); });
refuses('POST to a blob: URL', () => fetch(URL.createObjectURL(new Blob()), { method: 'POST' }));
refuses('a blob: URL of something else', () => URL.createObjectURL({}));
gives('blob: URLs make room', async () => {
  const first = URL.createObjectURL(new Blob());
  for (let i = 0; i < 999; i++) URL.createObjectURL(new Blob());
  const { status } = await fetch(first);
  URL.createObjectURL(new Blob());
  return [status, await fetch(first).catch((error) => error.name)];
}, [200, 'TypeError']);
