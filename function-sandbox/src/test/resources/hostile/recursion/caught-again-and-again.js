// {"outcomes": ["over-cpu", "threw", "killed"], "withinMs": 6000, "fresh": true, "slow": true}
const deep = () => { try { return deep() + 1; } catch { return deep() + 1; } };
export default { fetch: () => deep() };
