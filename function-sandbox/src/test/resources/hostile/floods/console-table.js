// {"outcomes": ["ok", "over-cpu", "over-memory"], "withinMs": 8000, "cpuMs": 500}
export default { fetch() { const row = {}; for (let i = 0; i < 1000; i++) row["c" + i] = "x".repeat(1000); console.table(Array.from({ length: 1e5 }, () => row)); console.log(new Map(Array.from({ length: 1e5 }, (_, i) => [i, row]))); return new Response("x"); } };
