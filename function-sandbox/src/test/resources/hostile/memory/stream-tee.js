// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { async fetch() { const [a] = new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(65536)); } }).tee(); for await (const chunk of a); } };
