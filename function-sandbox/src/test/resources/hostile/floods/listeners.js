// {"outcomes": ["over-cpu", "over-memory", "killed"], "fresh": true, "slow": true}
export default { fetch() { const t = new EventTarget(); for (;;) t.addEventListener("x", () => {}); } };
