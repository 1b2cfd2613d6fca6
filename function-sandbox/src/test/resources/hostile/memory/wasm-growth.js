// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "withinMs": 12000, "slow": true}
export default { fetch() { const m = new WebAssembly.Memory({ initial: 1 }); for (;;) { m.grow(256); new Uint8Array(m.buffer).fill(1); } } };
