// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); } };
