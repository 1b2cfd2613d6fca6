// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true}
export default { fetch() { const text = "[" + "[],".repeat(1e6) + "[]]"; const all = []; for (;;) all.push(JSON.parse(text)); } };
