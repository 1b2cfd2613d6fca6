// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true}
export default { fetch() { const all = []; for (let i = 0; ; i++) { const one = []; one[4294967294] = i; one.length = 4294967295; one.fill(1); all.push(one); } } };
