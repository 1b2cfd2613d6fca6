// {"outcomes": ["over-cpu", "over-memory"]}
export default { fetch() { const all = Array.from({ length: 2e5 }, (_, i) => (i * 7919) % 200003); for (;;) all.sort(() => Math.random() - 0.5); } };
