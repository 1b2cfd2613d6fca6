// {"outcomes": ["threw", "over-cpu", "over-memory", "ok"], "withinMs": 6000}
let o = []; for (let i = 0; i < 2e5; i++) o = [o];
export default { fetch: () => Response.json(o.flat(Infinity).length) };
