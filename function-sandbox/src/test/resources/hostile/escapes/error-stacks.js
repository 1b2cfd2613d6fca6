// {"outcomes": ["ok"], "body": "contained"}
const makers = [() => new URL("::"), () => atob("%"), () => crypto.getRandomValues(1), () => new TextDecoder("nonsense"), () => structuredClone(() => {}), () => new Headers([["a b", "c"]]),
  () => JSON.parse("{"), () => new Response("", { status: 7 }), () => null.x, () => new RegExp("("), () => 1n / 0n, () => "x".repeat(-1), () => new Array(-1), () => decodeURIComponent("%")];
export default { fetch() {
  const told = [];
  for (const make of makers) { try { make(); } catch (e) { const text = String(e) + String(e.stack) + Object.getOwnPropertyNames(e).map((n) => String(e[n])).join(); if (/\bjava\.|org\.graalvm|com\.oracle|dev\.verge|\.java:|verge:|bootstrap/i.test(text)) told.push(make + ": " + text); } }
  return new Response(told.join("\n") || "contained");
} };
