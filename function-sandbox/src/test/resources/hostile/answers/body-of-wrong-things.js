// {"outcomes": ["bad-response", "ok", "over-cpu", "threw"], "then": null, "cpuMs": 50}
export default { fetch: () => new Response(new ReadableStream({ start(c) { c.enqueue({ length: 1e12 }); c.enqueue(1); c.enqueue(null); c.close(); } })) };
