// {"outcomes": ["over-cpu", "over-memory", "killed", "threw"], "withinMs": 6000, "fresh": true, "slow": true}
export default { fetch() { const t = new EventTarget(); t.addEventListener("x", () => t.dispatchEvent(new Event("x"))); for (;;) { try { t.dispatchEvent(new Event("x")); } catch {} } } };
