// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { const all = []; for (;;) all.push(new WebAssembly.Memory({ initial: 1024, maximum: 65536 })); } };
