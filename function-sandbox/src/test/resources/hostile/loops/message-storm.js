// {"outcomes": ["over-cpu", "over-wall"], "wallMs": 1500, "withinMs": 6000}
export default { async fetch() { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => port2.postMessage(0); port2.onmessage = () => port1.postMessage(0); port1.postMessage(0); await new Promise((resolve) => setTimeout(resolve, 1e5)); return new Response("x"); } };
