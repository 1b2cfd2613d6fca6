// {"outcomes": ["threw", "bad-response"]}
export default { fetch: () => new Response("x", { status: NaN }) };
