// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { async fetch() { const all = [], bytes = new Uint8Array(60000); for (;;) all.push(await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])); } };
