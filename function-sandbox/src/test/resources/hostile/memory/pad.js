// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true}
export default { fetch() { const all = []; for (;;) { const s = "".padEnd(2 ** 29, "ab"); all.push(s.split("a").length); } } };
