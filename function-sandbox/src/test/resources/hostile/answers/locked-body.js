// {"outcomes": ["bad-response", "threw"]}
export default { async fetch() { const r = new Response("x"); r.body.getReader(); return r; } };
