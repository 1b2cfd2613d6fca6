// {"outcomes": ["over-cpu", "killed", "over-memory", "threw", "ok"], "withinMs": 15000, "fresh": true, "slow": true}
export default { fetch: () => new Response(String(BigInt("9".repeat(2e6)) % 7n)) };
