// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000}
const o = { toString() { return "" + this; } };
export default { fetch: () => new Response(o) };
