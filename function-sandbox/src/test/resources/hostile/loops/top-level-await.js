// {"outcomes": ["over-cpu", "threw"]}
for (;;) await null;
export default { fetch: () => new Response("never") };
