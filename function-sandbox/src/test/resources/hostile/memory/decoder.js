// {"outcomes": ["over-memory", "over-cpu", "killed"], "fresh": true, "slow": true}
export default { fetch() { const d = new TextDecoder(), b = new Uint8Array(4e6).fill(65), all = []; for (;;) all.push(d.decode(b) + all.length); } };
