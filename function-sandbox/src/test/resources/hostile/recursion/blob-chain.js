// {"outcomes": ["threw", "over-cpu", "over-memory", "killed", "ok"], "withinMs": 10000, "fresh": true, "slow": true}
export default { async fetch() { let blob = new Blob(["x"]); for (let i = 0; i < 100000; i++) blob = new Blob([blob]); return new Response(await blob.text()); } };
