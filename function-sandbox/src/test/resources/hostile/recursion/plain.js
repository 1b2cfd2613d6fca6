// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000}
const deep = () => deep() + 1;
export default { fetch: () => deep() };
