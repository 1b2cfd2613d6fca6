// {"outcomes": ["ok", "threw", "over-subrequests"], "then": null}
export default { async fetch(request) { const r = await fetch(request.url).catch(() => null); return new Response("contained"); } };
