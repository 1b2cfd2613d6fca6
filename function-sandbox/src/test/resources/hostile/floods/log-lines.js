// {"outcomes": ["over-cpu", "over-memory"], "withinMs": 6000}
export default { fetch() { for (;;) console.log("x".repeat(1000)); } };
