// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch(request, env, ctx) { for (;;) ctx.waitUntil(new Promise(() => {})); } };
