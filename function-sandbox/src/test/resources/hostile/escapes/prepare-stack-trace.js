// {"outcomes": ["ok"], "body": "contained"}
export default { fetch() {
  const frames = [];
  Error.prepareStackTrace = (error, sites) => { for (const site of sites) { for (const name of ["getThis", "getFunction", "getEvalOrigin"]) { let got; try { got = site[name]?.(); } catch { continue; } if (typeof got === "function" && !String(got).includes("frames")) frames.push(name); } } return "x"; };
  try { try { new Headers({ get a() { return new Error("x").stack; } }); } catch {} [1].map(() => new Error("x").stack); } finally { delete Error.prepareStackTrace; }
  return new Response(frames.join() || "contained");
} };
