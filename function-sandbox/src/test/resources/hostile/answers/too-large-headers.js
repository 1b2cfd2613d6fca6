// {"outcomes": ["bad-response", "threw"], "withinMs": 6000}
export default { fetch: () => new Response("x", { headers: { "x-large": "v".repeat(3e6) } }) };
