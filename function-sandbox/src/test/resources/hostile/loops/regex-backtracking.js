// {"outcomes": ["over-cpu"], "withinMs": 6000}
export default { fetch: () => new Response(String(/^(a+)+$/.test("a".repeat(64) + "b"))) };
