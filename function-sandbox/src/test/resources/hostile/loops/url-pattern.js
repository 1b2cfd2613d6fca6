// {"outcomes": ["over-cpu", "ok"], "withinMs": 6000, "cpuMs": 50}
export default { fetch: () => new Response(String(new URLPattern({ pathname: "/:x((?:a+)+(?<!b(?:a+)+)c)" }).test("http://x.example/" + "a".repeat(64) + "!"))) };
