// {"outcomes": ["over-cpu", "killed", "over-memory", "threw", "ok"], "withinMs": 8000, "fresh": true, "slow": true}
export default { fetch() { const text = "0." + "123456789".repeat(1e6); let sum = 0; for (let i = 0; i < 50; i++) sum += Number(text) + parseFloat(text) + JSON.parse(text); return new Response(String(sum)); } };
