// {"outcomes": ["threw", "over-cpu", "over-memory", "ok"], "withinMs": 10000, "cpuMs": 50, "slow": true}
let o = []; for (let i = 0; i < 2e5; i++) o = [o];
export default { fetch: () => Response.json(o.flat(Infinity).length) };
