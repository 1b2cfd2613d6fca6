const U = 'http://x.example/';
gives('values are combined in order', () => { const h = new Headers([['x', '1'], ['X', '2']]); h.append('x', ' 3\t'); return h.get('X'); }, '1, 2, 3');
gives('set replaces the first and drops the rest', () => { const h = new Headers([['a', '1'], ['b', '2'], ['a', '3']]); h.set('A', '4'); return [...h]; }, [['a', '4'], ['b', '2']]);
gives('iteration is sorted, in lower case, Set-Cookie alone', () => [...new Headers([['b', '1'], ['Set-Cookie', 'y'], ['A', '2'], ['set-cookie', 'x'], ['b', '3']])],
  [['a', '2'], ['b', '1, 3'], ['set-cookie', 'y'], ['set-cookie', 'x']]);
gives('getSetCookie gives each', () => new Headers([['Set-Cookie', 'a=1'], ['set-cookie', 'b=2']]).getSetCookie(), ['a=1', 'b=2']);
gives('a value that equals a name is a value', () => { const h = new Headers([['a', 'b'], ['b', 'a']]); h.delete('b'); return [...h]; }, [['a', 'b']]);
gives('an empty value is present', () => { const h = new Headers({ a: '' }); return [h.has('a'), h.get('a'), h.get('b')]; }, [true, '', null]);
gives('iterators are those of the standard', () => {
  const i = new Headers({ a: '1' }).entries();
  const p = Object.getPrototypeOf(i);
  return [Object.prototype.toString.call(i), Object.getPrototypeOf(p) === Object.getPrototypeOf(Object.getPrototypeOf([].values())), Object.keys(p)];
}, ['[object Headers Iterator]', true, ['next']]);
gives('entries is the iterator', () => Headers.prototype.entries === Headers.prototype[Symbol.iterator], true);
gives('a change during iteration shows', () => { const h = new Headers({ a: '1', c: '3' }); const seen = []; for (const [n] of h) { seen.push(n); if (n === 'a') h.append('b', '2'); } return seen; }, ['a', 'b', 'c']);
gives('forEach gives value, name, headers and self', () => { const out = []; const h = new Headers({ a: '1' }); h.forEach(function each(v, n, all) { out.push(v, n, all === h, this.me); }, { me: 5 }); return out; }, ['1', 'a', true, 5]);
gives('a record is read in the order of the language', () => {
  const log = [];
  const record = new Proxy({ b: '1', a: '2' }, { get(t, k) { log.push('get ' + String(k)); return t[k]; }, ownKeys(t) { log.push('keys'); return Reflect.ownKeys(t); },
    getOwnPropertyDescriptor(t, k) { log.push('own ' + k); return Reflect.getOwnPropertyDescriptor(t, k); } });
  new Headers(record);
  return log;
}, ['get Symbol(Symbol.iterator)', 'keys', 'own b', 'get b', 'own a', 'get a']);
gives('an iterable with its own iterator is asked once', () => { let n = 0; new Headers({ get [Symbol.iterator]() { n++; return function* pairs() { yield ['a', '1']; }; } }); return n; }, 1);
for (const init of [null, 1, 'a', [['a']], [['a', 'b', 'c']], ['ab'], [1], { 'a b': '1' }, { a: 'x\ny' }, { a: 'x\0' }, { a: '€' }, { '': '1' }, { [Symbol.iterator]: 1 }]) {
  refuses(`new Headers(${typeof init === 'object' ? JSON.stringify(init) : init})`, () => new Headers(init));
}
refuses('a symbol is no name', () => new Headers().append(Symbol('a'), '1'));
refuses('arguments are counted', () => new Headers().append('a'));
refuses('methods refuse other objects', () => Headers.prototype.get.call({}, 'a'));
refuses('of an error', () => Response.error().headers.append('a', '1'));
refuses('of a redirect', () => Response.redirect(U).headers.set('a', '1'));
gives('of a new request they can change', () => { const r = new Request(U, { headers: { a: '1' } }); r.headers.append('a', '2'); return new Request(r).headers.get('a'); }, '1, 2');
gives('members are enumerable', () => Object.keys(Headers.prototype).sort().join(), 'append,delete,entries,forEach,get,getSetCookie,has,keys,set,values');
