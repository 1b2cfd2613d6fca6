// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { const all = []; for (let i = 0; ; i++) all.push(Object.freeze({ ["p" + i]: { ["q" + i]: 1 } })); } };
