// {"outcomes": ["over-cpu", "killed", "over-memory", "threw"], "withinMs": 8000, "fresh": true, "slow": true}
export default { fetch() { const text = "a".repeat(4e6), part = "a".repeat(2e6) + "b"; return new Response(String(text.indexOf(part))); } };
