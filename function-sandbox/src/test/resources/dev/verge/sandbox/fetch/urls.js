// URLs
gives('parse and canParse', () => [URL.parse('nope'), URL.canParse('nope'), URL.parse('b', 'http://h/a').href, URL.canParse('b', 'http://h/')], [null, false, 'http://h/b', true]);
refuses('no URL', () => new URL('nope'));
refuses('arguments are counted', () => new URL());
gives('the parts', () => { const u = new URL('https://u:p@h.example:8/p/q?r#s'); return [u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash, String(u), JSON.stringify(u)]; },
  ['https://h.example:8', 'https:', 'u', 'p', 'h.example:8', 'h.example', '8', '/p/q', '?r', '#s', 'https://u:p@h.example:8/p/q?r#s', '"https://u:p@h.example:8/p/q?r#s"']);
gives('the query is one with its parameters', () => { const u = new URL('http://h/?a=1'); const p = u.searchParams; p.append('b', 'x y'); const one = u.search; u.search = '?c=3'; const two = [...p].join(); u.href = 'http://h/?d'; const three = String(p); p.delete('d'); return [one, two, three, u.href, u.searchParams === p]; },
  ['?a=1&b=x+y', 'c,3', 'd=', 'http://h/', true]);
gives('a getter tells its name', () => Object.getOwnPropertyDescriptor(URL.prototype, 'host').get.name, 'get host');
// URLSearchParams
for (const [name, init, text] of [['text', '?a=1&b', 'a=1&b='], ['pairs', [['a', '1'], ['a', '2']], 'a=1&a=2'], ['a record', { a: 1, b: '&=' }, 'a=1&b=%26%3D'], ['itself', new URLSearchParams('x=1'), 'x=1'], ['nothing', undefined, ''], ['null', null, 'null='], ['a form', new Map([['k', 'v']]), 'k=v'],
  ['lone surrogates', { '\ud835x': '1', xx: '2', '\ud83dx': '3' }, '%EF%BF%BDx=3&xx=2']]) gives(`of ${name}`, () => String(new URLSearchParams(init)), text);
for (const init of [[['a']], [['a', 'b', 'c']], ['ab'], [1]]) refuses(`of ${JSON.stringify(init)}`, () => new URLSearchParams(init));
gives('size, has and delete with a value', () => { const p = new URLSearchParams('a=1&a=2&b=3'); const has = [p.size, p.has('a', '2'), p.has('a', '3'), p.has('a', undefined)]; p.delete('a', '1'); return [has, String(p)]; }, [[3, true, false, true], 'a=2&b=3']);
gives('sorting is stable, by code units', () => { const p = new URLSearchParams([['z', '1'], ['\ufffd', '2'], ['\ud83d\ude00', '3'], ['a', '4'], ['a', '3']]); p.sort(); return [...p.keys()].join() + p.getAll('a'); }, 'a,a,z,\ud83d\ude00,\ufffd4,3');
gives('what is escaped', () => String(new URLSearchParams({ k: "a b+c~*-._!'()%\n" })), 'k=a+b%2Bc%7E*-._%21%27%28%29%25%0A');
gives('what is read', () => [...new URLSearchParams('a=%zz%ff&b=%E2%82%AC+&=x&&c==')].join(';'), 'a,%zz\ufffd;b,€ ;,x;c,=');
gives('changes during iteration show', () => { const p = new URLSearchParams('a=1&b=2&c=3'); const seen = []; for (const [n] of p) { seen.push(n); if (n === 'a') p.delete('b'); } return seen.join(); }, 'a,c');
gives('its iterator', () => Object.prototype.toString.call(new URLSearchParams()[Symbol.iterator]()), '[object URLSearchParams Iterator]');
// URLPattern: pattern, input, the groups or null
const H = 'https://h.example';
const matches = (pattern, input, groups) => gives(`${JSON.stringify(pattern)} on ${JSON.stringify(input)}`, () => {
  const found = new URLPattern(...(Array.isArray(pattern) ? pattern : [pattern])).exec(...(Array.isArray(input) ? input : [input]));
  return found && Object.fromEntries(['protocol', 'hostname', 'port', 'pathname', 'search', 'hash'].flatMap((part) => Object.entries(found[part].groups).filter(([, v]) => v !== '').map(([k, v]) => [`${part}.${k}`, v ?? null])));
}, groups);
const path = (pathname) => ({ pathname });
matches(path('/a/:id'), path('/a/7'), { 'pathname.id': '7' });
matches(path('/a/:id'), path('/a/7/8'), null);
matches(path('/a/:id?'), path('/a'), { 'pathname.id': null });
matches(path('/a/:rest*'), path('/a/b/c'), { 'pathname.rest': 'b/c' });
matches(path('/a/:rest+'), path('/a'), null);
matches(path('/a/*'), path('/a/b/c'), { 'pathname.0': 'b/c' });
matches(path('/a/(\\d+)'), path('/a/12'), { 'pathname.0': '12' });
matches(path('/a/:n(\\d+)'), path('/a/x'), null);
matches(path('/:a.:b'), path('/x.y'), { 'pathname.a': 'x', 'pathname.b': 'y' });
matches(path('/a{/b}?/c'), path('/a/c'), {});
matches(path('/a/./b'), path('/a/b'), {});
matches(path('/é'), path('/%C3%A9'), {});
matches('https://*.example/:p\\?q=*#:f', H.replace('h.', 'h.g.') + '/x?q=1#z', { 'hostname.0': 'h.g', 'pathname.p': 'x', 'search.0': '1', 'hash.f': 'z' });
matches(['/:p', H], ['x', H], { 'pathname.p': 'x' });
matches('http{s}?://h.example/', H, {});
matches('https://h.example:8*/', H + ':8080/', { 'port.0': '080' });
matches('https://[\\:\\:1]/', 'https://[::1]/', {});
matches('data\\:text/*', 'data:text/x', { 'pathname.0': 'x' });
matches([path('/A'), { ignoreCase: true }], path('/a'), {});
matches(path('/a'), path('/A'), null);
matches({}, H, { 'protocol.0': 'https', 'hostname.0': 'h.example', 'pathname.0': '/' });
matches(path('/a'), { pathname: 'b', baseURL: H + '/a' }, null);
matches('https://h.example:443/', H, {});
for (const [pattern, part, text] of [[path('/a/*'), 'pathname', '/a/*'], [path('/:a(.*)'), 'pathname', '/:a(.*)'], [path('{/a}'), 'pathname', '/a'], [path('/a/([^\\/]+?)'), 'pathname', '/a/([^\\/]+?)'], [path('{:a}b'), 'pathname', '{:a}b'], ['https://H.Example/', 'hostname', 'h.example'], ['https://h/', 'port', ''], [{ port: '443', protocol: 'https' }, 'port', '']]) {
  gives(`${part} of ${JSON.stringify(pattern)}`, () => new URLPattern(pattern)[part], text);
}
gives('hasRegExpGroups', () => [new URLPattern(path('/:a')).hasRegExpGroups, new URLPattern(path('/(a)')).hasRegExpGroups], [false, true]);
gives('test', () => [new URLPattern(path('/a')).test(path('/a')), new URLPattern(path('/a')).test('nope')], [true, false]);
for (const pattern of [path('/('), path('/(a'), path('/()'), path('/(?a)'), path('/((a))'), path('/{a'), path('/a}'), path('/:a/:a'), path('/:'), path('/(é)'), { hostname: 'a b' }, { port: 'x' }, { baseURL: 'x' }, '/a', { protocol: 'a b' }, path('/([a')]) {
  refuses(`the pattern ${JSON.stringify(pattern)}`, () => new URLPattern(pattern));
}
refuses('a base beside a dictionary', () => new URLPattern(path('/a'), H));
refuses('a base beside an input dictionary', () => new URLPattern().test({}, H));
