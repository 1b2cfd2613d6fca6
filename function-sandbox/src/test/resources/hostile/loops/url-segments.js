// {"outcomes": ["ok", "over-cpu", "over-memory", "threw"], "withinMs": 8000, "cpuMs": 50, "slow": true, "fresh": true}
export default { fetch() { let length = 0; for (;;) length += new URL("http://x.example/" + "a/".repeat(3e5) + "../".repeat(3e5)).href.length; } };
