// {"outcomes": ["threw", "over-cpu", "over-memory", "killed", "ok"], "withinMs": 10000, "fresh": true, "slow": true}
export default { async fetch() { let stream = new ReadableStream({ start(c) { c.enqueue(1); c.close(); } }); for (let i = 0; i < 20000; i++) stream = stream.pipeThrough(new TransformStream()); for await (const one of stream); return new Response("x"); } };
