// {"outcomes": ["over-cpu", "over-memory", "killed", "threw"], "withinMs": 8000, "fresh": true, "slow": true}
const long = { length: 2 ** 53 - 1 };
export default { fetch: () => new Response(String(Array.prototype.reverse.call(long))) };
