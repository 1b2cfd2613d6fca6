// {"outcomes": ["bad-response"]}
export default { fetch: () => undefined };
