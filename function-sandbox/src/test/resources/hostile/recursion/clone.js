// {"outcomes": ["threw", "over-cpu", "over-memory"], "withinMs": 10000, "slow": true}
let o = []; for (let i = 0; i < 2e5; i++) o = [o];
export default { fetch: () => Response.json(structuredClone(o).length) };
