// {"outcomes": ["ok"], "body": "contained"}
export default { async fetch() { const first = performance.now(); for (let i = 0; i < 20000; i++) await null; return new Response(performance.now() === first ? "contained" : "moved"); } };
