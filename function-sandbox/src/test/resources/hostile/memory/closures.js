// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { let f = () => 0; for (;;) { const g = f; f = () => g; } } };
