// {"outcomes": ["over-memory", "over-cpu", "killed", "threw", "ok"], "fresh": true, "withinMs": 12000, "slow": true}
export default { fetch() { const all = []; for (let i = 0; ; i++) { const r = new RegExp("(" + "a?".repeat(5000) + i + "){1000}"); r.test("a"); all.push(r); } } };
