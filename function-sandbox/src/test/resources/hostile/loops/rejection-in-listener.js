// {"outcomes": ["over-cpu", "over-wall", "over-memory"], "wallMs": 1500, "withinMs": 6000}
addEventListener("unhandledrejection", (event) => { event.preventDefault(); Promise.reject(1); });
export default { async fetch() { Promise.reject(0); await new Promise((resolve) => setTimeout(resolve, 1e5)); return new Response("x"); } };
