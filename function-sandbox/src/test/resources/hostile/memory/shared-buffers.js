// {"outcomes": ["threw", "killed", "over-memory"], "fresh": true, "repeat": 2}
const all = [];
export default { fetch() { for (;;) all.push(new SharedArrayBuffer(1 << 16)); } };
