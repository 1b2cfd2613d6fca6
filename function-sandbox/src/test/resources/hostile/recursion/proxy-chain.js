// {"outcomes": ["threw", "over-cpu", "over-memory"], "withinMs": 6000, "fresh": true, "slow": true}
let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {});
export default { fetch: () => p.x };
