const part = (head, content) => `--b\r\n${head}\r\n\r\n${content}\r\n`;
const parse = (text, type = 'multipart/form-data; boundary=b') => new Response(text, { headers: { 'content-type': type } }).formData();
const list = async (form) => { const out = []; for (const [name, value] of form) out.push(name, typeof value === 'string' ? value : [value.name, value.type, await value.text()]); return out; };
// Blobs
gives('a blob of parts', async () => { const b = new Blob(['a', utf8('b'), utf8('cd').buffer, new Blob(['e']), 5], { type: 'Text/X' }); return [b.size, b.type, await b.text()]; }, [6, 'text/x', 'abcde5']);
gives('line ends as they are, or native', async () => [await new Blob(['a\r\nb\rc\n']).text(), await new Blob(['a\r\nb\rc\n'], { endings: 'native' }).text()], ['a\r\nb\rc\n', 'a\nb\nc\n']);
gives('slices', async () => { const b = new Blob(['abcdef'], { type: 'x/y' }); return Promise.all([b.slice(1, 3), b.slice(-2), b.slice(0, -4), b.slice(4, 2), b.slice(2, 99), b.slice()].map((s) => s.text())); }, ['bc', 'ef', 'ab', '', 'cdef', 'abcdef']);
gives('the type of a slice', () => { const b = new Blob(['abc'], { type: 'x/y' }); return [b.slice(0, 1).type, b.slice(0, 1, 'A/B').type, b.slice(0, 1, 'é').type]; }, ['', 'a/b', '']);
gives('as a stream', async () => { let n = 0; for await (const chunk of new Blob([new Uint8Array(200_000)]).stream()) n += chunk.length; return n; }, 200_000);
gives('as bytes of one\'s own', async () => { const b = new Blob(['a']); (await b.bytes())[0] = 0; return b.text(); }, 'a');
for (const parts of [null, 1, 'text', {}]) refuses(`new Blob(${JSON.stringify(parts)})`, () => new Blob(parts));
refuses('options', () => new Blob([], 1));
refuses('endings', () => new Blob([], { endings: 'x' }));
gives('a file', async () => { const f = new File(['ab'], 'n', { type: 'x/y', lastModified: 5.7 }); return [f.name, f.type, f.lastModified, f.size, f instanceof Blob, String(f), await f.text()]; }, ['n', 'x/y', 5, 2, true, '[object File]', 'ab']);
refuses('a file without name', () => new File([]));
// FormData
gives('append, set, get, getAll, has, delete', () => { const f = new FormData(); f.append('a', '1'); f.append('b', '2'); f.append('a', '3'); const all = f.getAll('a'); f.set('a', '4'); f.delete('b'); return [all, [...f], f.has('b'), f.get('b'), f.get('a')]; },
  [['1', '3'], [['a', '4']], false, null, '4']);
gives('a blob becomes a file', () => { const f = new FormData(); f.append('a', new Blob(['x'], { type: 't/t' })); f.append('b', new Blob(['x']), 'n'); const file = new File([], 'm'); f.append('c', file); f.append('d', file, 'o');
  return [f.get('a').name, f.get('a').type, f.get('b').name, f.get('c') === file, f.get('d').name]; }, ['blob', 't/t', 'n', true, 'o']);
refuses('a file name needs a blob', () => new FormData().append('a', 'b', 'c'));
refuses('there are no form elements', () => new FormData({}));
gives('its iterator', () => Object.prototype.toString.call(new FormData().keys()), '[object FormData Iterator]');
gives('there and back', async () => { const f = new FormData(); f.append('a\r\n"', 'x\ny'); f.append('ü', new File([utf8('\r\n--\0é')], 'n"\n.txt', { type: 'a/b' })); return list(await new Response(f).formData()); },
  ['a\r\n"', 'x\r\ny', 'ü', ['n"\n.txt', 'a/b', '\r\n--\0é']]);
gives('as it is sent', async () => { const f = new FormData(); f.append('a"', '1'); f.append('f', new File(['x'], 'n')); const r = new Response(f); const boundary = r.headers.get('content-type').slice('multipart/form-data; boundary='.length); return (await r.text()).replaceAll(boundary, 'B'); },
  '--B\r\nContent-Disposition: form-data; name="a%22"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name="f"; filename="n"\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--B--\r\n');
// Parsing
gives('parts', async () => list(await parse(part('Content-Disposition: form-data; name="a"', '1') + part('content-disposition:form-data; name=b; filename="f.txt"\r\nCONTENT-TYPE: Text/CSV', 'x\r\ny') + '--b--\r\nepilogue')),
  ['a', '1', 'b', ['f.txt', 'text/csv', 'x\r\ny']]);
gives('without a type a file is text', async () => (await parse(part('Content-Disposition: form-data; name="a"; filename=""', '') + '--b--')).get('a').type, 'text/plain');
gives('names in UTF-8 and with escapes', async () => [...(await parse(part('Content-Disposition: form-data; name="é%22%0D%0A%41"', '') + '--b--')).keys()], ['é"\r\n%41']);
gives('an empty form', async () => [...(await parse('--b--\r\n'))].length, 0);
gives('a quoted boundary', async () => (await parse('--x y--', 'multipart/form-data; boundary="x y"')).has('a'), false);
gives('urlencoded', async () => list(await parse('a=1+2&b=%C3%A9&&c', 'application/x-www-form-urlencoded')), ['a', '1 2', 'b', 'é', 'c', '']);
const good = 'Content-Disposition: form-data; name="a"';
for (const [why, text, type] of [['empty', ''], ['no boundary at the start', 'x--b--'], ['no end', part(good, '1')], ['cut in a part', `--b\r\n${good}\r\n\r\n1`], ['cut in a header', `--b\r\n${good}`], ['no name', part('Content-Disposition: form-data', '1') + '--b--'],
  ['no disposition', part('A: b', '1') + '--b--'], ['another disposition', part('Content-Disposition: attachment; name="a"', '1') + '--b--'], ['a field without colon', part(good + '\r\nx', '1') + '--b--'], ['junk after a boundary', `--bx\r\n${good}\r\n\r\n1\r\n--b--`],
  ['no boundary parameter', '--b--', 'multipart/form-data'], ['another type', 'a=1', 'text/plain']]) refuses(`a form with ${why}`, () => parse(text, type));
refuses('no type', () => new Response(utf8('a=1')).formData());
gives('bytes stay bytes', async () => { const bytes = Uint8Array.from({ length: 256 }, (_, i) => i); const f = new FormData(); f.append('a', new Blob([bytes])); return (await new Response(f).formData()).get('a').bytes(); }, Uint8Array.from({ length: 256 }, (_, i) => i));
// Types
for (const [given, type] of [['TEXT/html;Charset="UTF-8"', 'text/html;charset=UTF-8'], ['text/html;a=b;a=c', 'text/html;a=b'], ['x', ''], ['a/b, c/d', 'c/d'], ['a/b;charset=x, a/b', 'a/b;charset=x'], ['a/b;q=" x"', 'a/b;q=" x"'], ['*/*', ''], ['a/b;c="d\\"e"', 'a/b;c="d\\"e"']]) {
  gives(`the type of ${given}`, async () => (await new Response('', { headers: { 'content-type': given } }).blob()).type, type);
}
