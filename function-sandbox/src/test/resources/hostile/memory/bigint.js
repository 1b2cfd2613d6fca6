// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch: () => new Response(String(2n ** 100000000n).slice(0, 1)) };
