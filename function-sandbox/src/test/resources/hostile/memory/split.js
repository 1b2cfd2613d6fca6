// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { const all = []; for (;;) all.push("x".repeat(1e6).split("")); } };
