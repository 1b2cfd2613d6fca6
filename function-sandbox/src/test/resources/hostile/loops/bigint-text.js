// {"outcomes": ["over-cpu", "over-memory", "killed"], "withinMs": 15000, "fresh": true, "slow": true}
export default { fetch: () => new Response(String((7n ** 800000n).toString().length)) };
