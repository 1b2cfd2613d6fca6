// {"outcomes": ["over-cpu"], "withinMs": 6000}
addEventListener("error", () => { throw new Error("again"); });
export default { fetch() { for (;;) reportError(new Error("x")); } };
