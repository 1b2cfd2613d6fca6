// {"outcomes": ["over-cpu", "over-wall", "over-memory"], "wallMs": 1500, "withinMs": 6000, "answers": true}
export default { fetch: () => new Response(new ReadableStream({ pull(c) { for (let i = 0; i < 1000; i++) c.enqueue(new Uint8Array(1)); } })) };
