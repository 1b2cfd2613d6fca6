// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { let chain = null; for (;;) chain = { chain, a: [1, 2, 3] }; } };
