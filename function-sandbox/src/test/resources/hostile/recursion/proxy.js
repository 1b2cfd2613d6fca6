// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000}
const p = new Proxy({}, { get: (t, k, r) => r[k] });
export default { fetch: () => p.x };
