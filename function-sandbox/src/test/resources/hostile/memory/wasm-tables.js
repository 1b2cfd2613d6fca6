// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { const all = []; for (;;) all.push(new WebAssembly.Table({ element: "externref", initial: 1e6 })); } };
