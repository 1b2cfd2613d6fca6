// {"outcomes": ["ok"], "body": "contained"}
export default { async fetch() {
  const told = [];
  for (const place of ["/etc/passwd", "../../etc/shadow", "/nonexistent"]) { try { await import(place); } catch (e) { if (/denied|java|sun\.|permission|\/tmp\//i.test(String(e) + e.stack)) told.push(String(e)); } }
  return new Response(told.join() || "contained");
} };
