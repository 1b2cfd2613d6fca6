// {"outcomes": ["over-cpu"], "withinMs": 6000}
const deep = () => { try { return deep() + 1; } catch { return deep() + 1; } };
export default { fetch: () => deep() };
