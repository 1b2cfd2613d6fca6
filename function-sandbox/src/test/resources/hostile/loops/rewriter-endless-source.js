// {"outcomes": ["over-cpu", "over-wall", "over-memory"], "wallMs": 1500, "withinMs": 6000, "answers": true}
export default { fetch() { const page = new TextEncoder().encode("<p>".repeat(100)); return new HTMLRewriter().on("p", { element() {} }).transform(new Response(new ReadableStream({ pull(c) { c.enqueue(page); } }))); } };
