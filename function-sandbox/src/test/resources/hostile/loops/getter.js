// {"outcomes": ["over-cpu"]}
export default { fetch: () => new Response("x", { get status() { for (;;); } }) };
