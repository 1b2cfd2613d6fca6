// {"outcomes": ["ok", "threw", "bad-response", "over-cpu"], "then": "clean"}
Object.prototype.polluted = "yes"; Object.prototype.status = 500; Object.prototype.headers = { evil: "1" }; Array.prototype.polluted = "yes";
Array.prototype[Symbol.iterator] = function* () { yield "evil"; }; Promise.prototype.then = () => {}; String.prototype.split = () => ["evil"]; Map.prototype.get = () => "evil";
Headers.prototype.get = () => "evil"; Response.prototype.text = () => "evil"; globalThis.Response = class {}; globalThis.fetch = () => "evil"; Function.prototype.call = () => "evil";
export default { fetch: () => new Response("x") };
