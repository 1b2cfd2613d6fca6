// {"outcomes": ["over-memory", "over-cpu", "killed", "threw", "ok"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch: () => new Response(String(new RegExp("(?:(?:a{1,500}){1,500}){1,500}b").test("a".repeat(50000)))) };
