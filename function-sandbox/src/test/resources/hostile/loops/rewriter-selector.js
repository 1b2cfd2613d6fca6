// {"outcomes": ["threw", "over-cpu", "ok"], "withinMs": 6000, "cpuMs": 50}
export default { fetch: () => new HTMLRewriter().on("p ".repeat(5000) + "b", { element() {} }).on(":not(" .repeat(500) + "p" + ")".repeat(500), { element() {} }).transform(new Response("<p>".repeat(3000) + "<b>")) };
