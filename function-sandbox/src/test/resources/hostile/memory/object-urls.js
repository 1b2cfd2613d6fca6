// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { for (let i = 0; ; i++) URL.createObjectURL(new Blob([String(i).repeat(1e5)])); } };
