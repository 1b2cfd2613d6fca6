// {"outcomes": ["threw"], "withinMs": 6000, "answers": true}
export default { fetch: () => new HTMLRewriter().on("p", { element: () => new Promise(() => {}) }).transform(new Response("<p>x</p>")) };
