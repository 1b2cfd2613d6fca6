// {"outcomes": ["bad-response", "threw"]}
export default { fetch: () => ({ status: 200, headers: new Headers(), body: null, __proto__: Response.prototype }) };
