// {"outcomes": ["over-cpu"]}
function* forever() { for (;;) yield 1; }
export default { fetch() { for (const one of forever()); } };
