// {"outcomes": ["threw", "bad-response", "ok"], "then": null}
export default { fetch: () => new Response(new ReadableStream({ start(c) { c.enqueue({ length: 1e12 }); c.enqueue(1); c.enqueue(null); c.close(); } })) };
