// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true}
export default { fetch() { let value = { a: new Array(1000).fill(1) }; for (;;) value = structuredClone({ value, other: value.a, next: [value] }); } };
