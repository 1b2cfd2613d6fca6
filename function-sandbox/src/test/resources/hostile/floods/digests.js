// {"outcomes": ["over-cpu", "over-memory"], "withinMs": 6000}
export default { async fetch() { const b = new Uint8Array(1e6); for (;;) await crypto.subtle.digest("SHA-512", b); } };
