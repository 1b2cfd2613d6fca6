// {"outcomes": ["ok", "threw"], "then": "clean"}
for (const key of Reflect.ownKeys(globalThis)) { try { delete globalThis[key]; } catch {} }
export default { fetch() { throw 1; } };
