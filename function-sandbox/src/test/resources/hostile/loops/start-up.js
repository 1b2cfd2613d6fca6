// {"outcomes": ["over-cpu"]}
for (;;);
export default { fetch: () => new Response("never") };
