// {"outcomes": ["threw", "over-cpu", "over-memory"], "withinMs": 6000, "slow": true}
export default { fetch: () => new Response(String(new RegExp("(".repeat(1e5) + ")".repeat(1e5)).test("x"))) };
