// {"outcomes": ["bad-response", "threw"], "repeat": 2}
const r = new Response("x");
export default { fetch: () => r };
