// {"outcomes": ["over-cpu", "ok"], "withinMs": 6000, "cpuMs": 50}
export default { fetch: () => new Response(String(/^(a+)+$/.test("a".repeat(64) + "b"))) };
