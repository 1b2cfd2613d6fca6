// {"outcomes": ["threw", "over-cpu", "over-memory", "ok"], "withinMs": 10000, "cpuMs": 50, "slow": true}
let o = null; for (let i = 0; i < 1e5; i++) o = Object.create(o);
export default { fetch: () => new Response(String(o.nothing)) };
