// {"outcomes": ["over-cpu", "killed", "over-memory", "threw", "ok"], "withinMs": 8000, "fresh": true, "slow": true}
export default { fetch() { const text = "a".repeat(4e6), part = "b" + "a".repeat(2e6); return new Response(String(text.lastIndexOf(part))); } };
