// {"outcomes": ["threw", "over-memory", "over-cpu"], "withinMs": 6000}
export default { fetch() { throw new Error("x".repeat(20e6)); } };
