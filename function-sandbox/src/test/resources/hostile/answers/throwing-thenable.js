// {"outcomes": ["threw", "bad-response"]}
export default { fetch: () => ({ get then() { throw { toString() { throw 1; }, get message() { throw 2; }, get stack() { throw 3; } }; } }) };
