// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000, "slow": true}
const o = { get a() { return this.a; } };
export default { fetch: () => o.a };
