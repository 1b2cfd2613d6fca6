// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000}
const o = { get a() { return this.a; } };
export default { fetch: () => o.a };
