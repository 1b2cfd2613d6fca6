// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000}
export default { async fetch() { const writer = new CompressionStream("gzip").writable.getWriter(); for (let i = 0; ; i++) await writer.write(crypto.getRandomValues(new Uint8Array(65536))); } };
