// {"outcomes": ["over-cpu", "over-memory"]}
// Each promise waits for the next one, so that all of them are held: which limit is met first is the machine's speed.
const again = () => Promise.resolve().then(again);
export default { fetch: () => again() };
