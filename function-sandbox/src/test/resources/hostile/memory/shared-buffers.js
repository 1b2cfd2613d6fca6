// {"outcomes": ["threw", "killed", "over-memory"], "fresh": true, "repeat": 2}
const all = [], { constructor: SharedArrayBuffer } = new WebAssembly.Memory({ shared: true, initial: 0, maximum: 0 }).buffer;
export default { fetch() { for (;;) all.push(new SharedArrayBuffer(1 << 16)); } };
