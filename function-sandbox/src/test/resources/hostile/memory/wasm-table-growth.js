// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { const table = new WebAssembly.Table({ element: "anyfunc", initial: 1 }); for (;;) table.grow(1e6); } };
