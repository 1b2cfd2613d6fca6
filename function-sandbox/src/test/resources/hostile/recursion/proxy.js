// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000, "slow": true}
const p = new Proxy({}, { get: (t, k, r) => r[k] });
export default { fetch: () => p.x };
