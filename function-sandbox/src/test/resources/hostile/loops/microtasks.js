// {"outcomes": ["over-cpu"]}
const again = () => queueMicrotask(again);
export default { fetch() { again(); return new Response("never sent"); } };
