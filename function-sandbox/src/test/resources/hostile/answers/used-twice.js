// {"outcomes": ["bad-response", "threw", "ok"], "repeat": 2}
const r = new Response("x");
export default { fetch: () => r };
