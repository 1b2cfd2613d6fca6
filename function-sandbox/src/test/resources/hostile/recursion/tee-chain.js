// {"outcomes": ["threw", "over-cpu", "over-memory", "killed", "ok"], "withinMs": 10000, "fresh": true, "slow": true}
export default { async fetch() { let stream = new ReadableStream({ pull(c) { c.enqueue(1); } }); for (let i = 0; i < 20000; i++) [stream] = stream.tee(); await stream.getReader().read(); return new Response("x"); } };
