// {"outcomes": ["ok"], "body": "body"}
export default { fetch: () => new Response("body", { headers: { "content-length": "999999", "transfer-encoding": "chunked", connection: "upgrade" } }) };
