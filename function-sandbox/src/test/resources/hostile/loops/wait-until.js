// {"outcomes": ["over-cpu"], "answers": true}
export default { fetch(request, env, ctx) { ctx.waitUntil(new Promise((r) => setTimeout(r, 5)).then(() => { for (;;); })); return new Response("sent"); } };
