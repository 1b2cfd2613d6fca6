// {"outcomes": ["over-cpu", "over-memory", "killed"], "withinMs": 12000, "fresh": true, "slow": true}
export default { fetch() { let x = 3n; for (;;) x *= x; } };
