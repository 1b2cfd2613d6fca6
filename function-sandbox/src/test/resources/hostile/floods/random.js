// {"outcomes": ["over-cpu", "over-memory"], "withinMs": 6000}
export default { fetch() { for (;;) crypto.getRandomValues(new Uint8Array(65536)); } };
