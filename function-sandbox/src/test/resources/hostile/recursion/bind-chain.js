// {"outcomes": ["threw", "over-cpu", "over-memory"], "withinMs": 6000, "slow": true}
let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null);
export default { fetch: () => f() };
