// {"outcomes": ["over-wall"], "wallMs": 500}
export default { fetch: () => new Promise(() => setInterval(() => {}, 20)) };
