// {"outcomes": ["ok"], "body": "contained"}
export default { async fetch() { let n = 0, seen = []; return new Response(typeof Worker === "undefined" && typeof SharedArrayBuffer === "undefined" ? "contained" : "workers"); } };
