// {"outcomes": ["over-memory", "killed", "threw", "over-cpu"], "fresh": true, "slow": true}
export default { fetch() { const all = []; for (;;) all.push("xyz".repeat(1e7) + all.length); } };
