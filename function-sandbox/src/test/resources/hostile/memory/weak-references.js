// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { const registry = new FinalizationRegistry(() => {}), all = []; for (;;) { const one = {}; registry.register(one, "x".repeat(50)); all.push(new WeakRef(one)); } } };
