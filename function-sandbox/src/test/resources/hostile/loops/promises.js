// {"outcomes": ["over-cpu"]}
const again = () => Promise.resolve().then(again);
export default { fetch: () => again() };
