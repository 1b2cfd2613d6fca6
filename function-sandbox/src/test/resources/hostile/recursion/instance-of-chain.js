// {"outcomes": ["threw", "over-cpu", "over-memory", "ok"], "withinMs": 6000}
let o = null; for (let i = 0; i < 1e6; i++) o = Object.create(o);
export default { fetch: () => new Response(String(o.nothing)) };
