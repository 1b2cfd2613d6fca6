// {"outcomes": ["over-memory", "killed", "threw"], "fresh": true, "slow": true}
export default { fetch() { const all = []; for (;;) all.push(new Uint8Array(1e8)); } };
