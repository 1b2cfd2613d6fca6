// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { const p = new URLSearchParams(); for (let i = 0; ; i++) p.append("name" + i, "value".repeat(100)); } };
