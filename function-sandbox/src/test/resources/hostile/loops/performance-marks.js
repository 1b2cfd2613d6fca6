// {"outcomes": ["over-cpu", "over-memory", "threw"], "withinMs": 6000}
new PerformanceObserver(() => {}).observe({ entryTypes: ["mark"] });
export default { fetch() { for (;;) performance.mark("x"); } };
