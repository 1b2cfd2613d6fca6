// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { const e = new TextEncoder(), t = "€".repeat(1e6), all = []; for (;;) all.push(e.encode(t)); } };
