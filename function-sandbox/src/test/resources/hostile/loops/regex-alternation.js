// {"outcomes": ["over-cpu"], "withinMs": 6000}
export default { fetch: () => new Response(String(/^(a|aa|a?)*$/.test("a".repeat(80) + "!"))) };
