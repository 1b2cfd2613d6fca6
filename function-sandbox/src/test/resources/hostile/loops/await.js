// {"outcomes": ["over-cpu"]}
export default { async fetch() { for (;;) await null; } };
