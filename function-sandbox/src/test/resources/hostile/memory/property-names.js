// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { const o = {}; for (let i = 0; ; i++) o["p" + i] = i; } };
