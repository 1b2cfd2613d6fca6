// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true}
export default { fetch() { let value = ["x".repeat(1000)]; for (;;) { value = [value, value]; JSON.stringify(value); } } };
