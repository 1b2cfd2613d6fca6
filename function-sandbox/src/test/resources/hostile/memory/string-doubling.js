// {"outcomes": ["over-memory", "killed", "threw", "over-cpu"], "fresh": true, "slow": true}
export default { fetch() { let s = "x"; for (;;) { s += s; if (s.charCodeAt(s.length >> 1) === 0) return; } } };
