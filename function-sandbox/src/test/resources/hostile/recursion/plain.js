// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000, "fresh": true, "slow": true}
const deep = () => deep() + 1;
export default { fetch: () => deep() };
