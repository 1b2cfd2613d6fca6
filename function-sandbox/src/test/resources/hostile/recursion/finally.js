// {"outcomes": ["over-cpu", "threw"], "withinMs": 6000}
const deep = () => { try { deep(); } finally { deep(); } };
export default { fetch: () => deep() };
