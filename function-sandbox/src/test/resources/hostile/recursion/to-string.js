// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000, "slow": true}
const o = { toString() { return "" + this; } };
export default { fetch: () => new Response(o) };
