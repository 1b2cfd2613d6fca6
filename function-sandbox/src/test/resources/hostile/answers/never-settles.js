// {"outcomes": ["threw"], "withinMs": 4000}
export default { fetch: () => new Promise(() => {}) };
