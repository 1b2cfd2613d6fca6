// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch: () => new HTMLRewriter().on("p", { element(p) { for (;;) p.append("x".repeat(1e5)); } }).transform(new Response("<p>")) };
