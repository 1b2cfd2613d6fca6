// {"outcomes": ["over-cpu", "threw", "killed"], "withinMs": 6000, "fresh": true, "slow": true}
const deep = () => { try { deep(); } finally { deep(); } };
export default { fetch: () => deep() };
