// Before each file of cases: a case is a name and what must hold. The answer says how many ran, and which failed and how.
const cases = [];
const utf8 = (text) => new TextEncoder().encode(text);
const show = (value) => (typeof value === 'string' ? value : value instanceof Uint8Array ? [...value].join() : JSON.stringify(value) ?? String(value));
const gives = (name, make, expected) => cases.push([name, async () => {
  const got = show(await make());
  if (got !== show(expected)) throw new Error(`${got} instead of ${show(expected)}`);
}]);
const refuses = (name, make, expected = 'TypeError') => cases.push([name, async () => {
  let got;
  try { got = await make(); } catch (error) {
    if (error?.name !== expected) throw new Error(`${error?.name} (${error?.message}) instead of ${expected}`);
    return;
  }
  throw new Error(`gave ${show(got)} instead of ${expected}`);
}]);
export default {
  async fetch() {
    const failures = [];
    for (const [name, check] of cases) {
      try { await check(); } catch (error) { failures.push(`${name}: ${error?.message ?? error}`); }
    }
    return Response.json({ ran: cases.length, failures });
  },
};
