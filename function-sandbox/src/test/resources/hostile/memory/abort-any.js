// {"outcomes": ["over-memory", "over-cpu", "killed", "threw"], "fresh": true, "slow": true, "withinMs": 12000}
export default { fetch() { let { signal } = new AbortController(); for (;;) signal = AbortSignal.any([signal, new AbortController().signal]); } };
