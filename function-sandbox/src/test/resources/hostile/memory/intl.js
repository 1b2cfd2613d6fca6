// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { const all = []; for (;;) all.push(new Intl.DateTimeFormat("de", { dateStyle: "full", timeStyle: "full" }), new Intl.NumberFormat("ar"), new Intl.Collator("sv")); } };
