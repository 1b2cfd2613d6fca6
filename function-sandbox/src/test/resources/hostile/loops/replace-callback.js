// {"outcomes": ["over-cpu"]}
export default { fetch: () => new Response("a".replace(/a/, () => { for (;;); })) };
