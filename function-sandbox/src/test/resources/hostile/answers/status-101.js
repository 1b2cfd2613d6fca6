// {"outcomes": ["threw", "bad-response"]}
export default { fetch: () => new Response(null, { status: 101 }) };
