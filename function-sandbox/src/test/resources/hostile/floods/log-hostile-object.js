// {"outcomes": ["ok", "threw"], "withinMs": 6000}
export default { fetch() { const o = { get a() { throw 1; }, toString() { throw 2; }, [Symbol.toPrimitive]() { throw 3; } }; o.o = o; console.log(o, new Proxy({}, { ownKeys() { throw 4; }, get() { throw 5; } })); return new Response("ok"); } };
