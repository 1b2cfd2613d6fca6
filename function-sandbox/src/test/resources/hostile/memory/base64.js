// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { let s = "x".repeat(1000); for (;;) s = btoa(s); } };
