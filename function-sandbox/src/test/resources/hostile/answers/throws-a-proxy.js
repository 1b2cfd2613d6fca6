// {"outcomes": ["threw"]}
export default { fetch() { throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; }, ownKeys() { throw 3; }, has() { throw 4; } }); } };
