// {"outcomes": ["over-cpu"]}
export default { fetch() { for (;;) { try { for (;;); } catch { continue; } finally { continue; } } } };
