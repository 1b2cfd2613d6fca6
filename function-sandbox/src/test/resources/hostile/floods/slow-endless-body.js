// {"outcomes": ["over-wall"], "wallMs": 600, "withinMs": 6000, "answers": true}
export default { fetch: () => new Response(new ReadableStream({ async pull(c) { await new Promise((r) => setTimeout(r, 5)); c.enqueue(new Uint8Array(1)); } })) };
