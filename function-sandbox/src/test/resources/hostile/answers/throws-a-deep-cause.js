// {"outcomes": ["threw"], "withinMs": 6000}
export default { fetch() { const e = new Error("x"); e.cause = e; e.errors = [e]; throw e; } };
