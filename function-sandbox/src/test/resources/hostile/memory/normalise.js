// {"outcomes": ["over-memory", "over-cpu", "killed", "threw", "ok"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { let text = "\u0344".repeat(2e6); for (let i = 0; i < 20; i++) text = text.normalize("NFKD") + text; return new Response(String(text.length)); } };
