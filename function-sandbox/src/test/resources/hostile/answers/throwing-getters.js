// {"outcomes": ["threw", "bad-response"]}
export default { fetch: () => new Response("x", { get headers() { throw new Error("mine"); } }) };
