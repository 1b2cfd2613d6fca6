// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch: () => new Response(new ReadableStream({ start(c) { for (;;) c.enqueue(new Uint8Array(65536)); } })) };
