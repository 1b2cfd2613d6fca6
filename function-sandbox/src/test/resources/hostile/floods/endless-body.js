// {"outcomes": ["over-cpu", "over-wall", "over-memory"], "wallMs": 1500, "withinMs": 6000, "answers": true}
export default { fetch: () => new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(16384)); } })) };
