// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000, "slow": true}
const o = { toJSON() { return JSON.stringify(this); } };
export default { fetch: () => Response.json(o) };
