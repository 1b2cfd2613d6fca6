// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { const set = new Set(); for (let i = 0; ; i++) set.add("key" + i); } };
