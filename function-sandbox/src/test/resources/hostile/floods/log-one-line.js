// {"outcomes": ["ok", "over-memory", "over-cpu"], "withinMs": 6000, "cpuMs": 2000}
export default { fetch() { console.log("x".repeat(3e7)); return new Response("ok"); } };
