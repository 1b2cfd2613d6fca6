// {"outcomes": ["ok"], "body": "contained", "withinMs": 6000}
export default { async fetch() { const endless = new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(65536)); } }); await caches.default.put("http://site.example/x", new Response(endless)).catch(() => null); return new Response("contained"); } };
