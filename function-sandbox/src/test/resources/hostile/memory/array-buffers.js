// {"outcomes": ["over-memory", "killed", "threw", "over-cpu"], "fresh": true, "slow": true}
export default { fetch() { const all = []; for (;;) all.push(new ArrayBuffer(1 << 20)); } };
