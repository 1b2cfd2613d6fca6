// {"outcomes": ["threw", "over-cpu", "over-memory", "killed", "ok"], "withinMs": 10000, "fresh": true, "slow": true}
export default { async fetch() { let response = new Response(new ReadableStream({ start(c) { c.enqueue(new Uint8Array(1)); c.close(); } })); for (let i = 0; i < 20000; i++) response = response.clone(); return response; } };
