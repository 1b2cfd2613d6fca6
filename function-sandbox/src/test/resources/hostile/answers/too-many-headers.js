// {"outcomes": ["bad-response", "threw"], "withinMs": 6000}
export default { fetch() { const h = new Headers(); for (let i = 0; i < 600; i++) h.append("x-" + i, "v"); return new Response("x", { headers: h }); } };
