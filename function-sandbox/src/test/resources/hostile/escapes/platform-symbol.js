// {"outcomes": ["ok"], "body": "contained"}
const platform = Crypto.prototype[Symbol.for("verge.platform")];
const odd = [null, undefined, -1, 1e12, "x", Symbol("x"), {}, { buffer: {}, byteOffset: -1, byteLength: 1e9 }, new Proxy({}, {}), new Uint8Array(8).subarray(9), () => 1];
export default { fetch() {
  const wrong = [];
  const calls = [platform.fromBase64, platform.toBase64, ...Object.values(platform.crypto).filter((one) => typeof one === "function")];
  for (const call of calls) for (const one of odd) for (const other of odd) {
    try {
      const result = call(one, other);
      if (result !== null && typeof result === "object" && !(result instanceof Object)) wrong.push(`a foreign object of ${call.name}`);
    } catch (error) {
      if (!(error instanceof Error) || error.constructor.constructor !== Function || /java|graal|truffle|polyglot/i.test(error.message + error.stack)) {
        wrong.push(`${call.name}: ${error} ${error?.stack}`);
      }
    }
  }
  return new Response(wrong.join("\n") || "contained");
} };
