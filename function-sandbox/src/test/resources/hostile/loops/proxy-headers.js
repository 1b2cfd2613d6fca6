// {"outcomes": ["over-cpu"]}
export default { fetch: () => new Response("x", { headers: new Proxy({}, { ownKeys() { for (;;); } }) }) };
