// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true}
export default { fetch: () => new Response(new Array(2 ** 26).join("0123456789abcdef")) };
