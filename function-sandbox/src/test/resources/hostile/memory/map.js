// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { const map = new Map(); for (let i = 0; ; i++) map.set(i, { i }); } };
