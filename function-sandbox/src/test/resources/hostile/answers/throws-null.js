// {"outcomes": ["threw"]}
export default { fetch() { throw null; } };
