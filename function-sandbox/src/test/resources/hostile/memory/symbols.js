// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { for (let i = 0; ; i++) Symbol.for("symbol " + i); } };
