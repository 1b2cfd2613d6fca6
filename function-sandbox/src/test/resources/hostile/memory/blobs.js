// {"outcomes": ["over-memory", "over-cpu", "killed", "threw", "ok"], "fresh": true, "slow": true, "withinMs": 12000}
export default { async fetch() { let blob = new Blob(["x".repeat(1e6)]); for (let i = 0; i < 40; i++) blob = new Blob([blob, blob]); return new Response(String((await blob.arrayBuffer()).byteLength)); } };
