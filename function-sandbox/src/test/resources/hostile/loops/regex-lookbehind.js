// {"outcomes": ["over-cpu", "ok"], "withinMs": 6000, "cpuMs": 50}
export default { fetch: () => new Response(String(/(?<=^(?:a+)+)b/.test("a".repeat(64) + "cb"))) };
