// {"outcomes": ["ok", "over-memory", "killed"], "fresh": true, "slow": true, "repeat": 40, "cpuMs": 2000}
const kept = [];
export default { fetch() { for (let i = 0; i < 8; i++) kept.push(new Uint8Array(1 << 20).fill(1)); return new Response(String(kept.length)); } };
