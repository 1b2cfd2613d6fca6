// {"outcomes": ["killed", "ok", "over-cpu", "over-memory", "threw"], "withinMs": 6000, "cpuMs": 500, "slow": true}
export default { fetch() { for (let i = 0; i < 100000; i++) Promise.reject(new Error("x" + i)); return new Response("x"); } };
