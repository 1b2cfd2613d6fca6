// {"outcomes": ["over-cpu", "over-memory", "threw"]}
for (;;) await null;
export default { fetch: () => new Response("never") };
