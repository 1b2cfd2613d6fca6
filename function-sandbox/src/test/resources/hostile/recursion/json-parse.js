// {"outcomes": ["threw", "over-cpu"], "withinMs": 6000, "slow": true}
export default { fetch: () => Response.json(JSON.parse("[".repeat(2e5) + "]".repeat(2e5))) };
