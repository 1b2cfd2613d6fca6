// {"outcomes": ["bad-response", "threw"]}
export default { fetch: () => Response.error() };
