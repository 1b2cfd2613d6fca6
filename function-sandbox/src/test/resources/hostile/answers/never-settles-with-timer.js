// {"outcomes": ["over-wall"], "wallMs": 300}
export default { fetch: () => new Promise(() => setInterval(() => {}, 10000)) };
