// {"outcomes": ["ok", "threw", "over-subrequests", "over-cpu"], "withinMs": 6000, "cpuMs": 1000, "then": null, "slow": true}
export default { async fetch() { const all = await Promise.allSettled(Array.from({ length: 5000 }, () => fetch("http://site.example/x"))); return new Response(all.filter((one) => one.status === "fulfilled").length > 50 ? "too many" : "contained"); } };
