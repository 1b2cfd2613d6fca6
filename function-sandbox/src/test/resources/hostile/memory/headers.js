// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true}
export default { fetch() { const h = new Headers(); for (let i = 0; ; i++) h.append("x-" + i, "value".repeat(100)); } };
