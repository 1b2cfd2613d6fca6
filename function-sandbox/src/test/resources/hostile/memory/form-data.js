// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { const form = new FormData(); for (let i = 0; ; i++) form.append("x" + i, "value".repeat(100)); } };
