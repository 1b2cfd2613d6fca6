// {"outcomes": ["over-cpu"], "withinMs": 6000}
export default { fetch: () => new Response(String(/(.*)(.*)(.*)(.*)(.*)(.*)\1\2\3\4\5\6x/.test("ab".repeat(400)))) };
