// {"outcomes": ["threw"], "withinMs": 6000}
export default { fetch() { const all = []; for (;;) all.push(new DecompressionStream("gzip")); } };
