// {"outcomes": ["over-memory"], "fresh": true, "slow": true, "cpuMs": 2000, "withinMs": 20000}
export default { async fetch() { const kept = []; for (let i = 0; i < 200; i++) { kept.push(new Uint8Array(2 << 20)); await new Promise((r) => setTimeout(r, 4)); } return new Response(String(kept.length)); } };
