// Runs the checks of a file and answers with a line for each that failed, or with their number.
const checks = [];
const check = (name, action) => { checks.push([name, action]); };
const same = (actual, expected) => {
  const [one, other] = [JSON.stringify(actual) ?? String(actual), JSON.stringify(expected) ?? String(expected)];
  if (one !== other) throw new Error(`${one} instead of ${other}`);
};
const fails = async (name, action) => {
  try { await action(); } catch (error) { same(error.name, name); return error; }
  throw new Error(`nothing was thrown instead of ${name}`);
};
const bytes = (...values) => new Uint8Array(values);
const read = async (stream) => { const chunks = []; for await (const chunk of stream) chunks.push(chunk); return chunks; };
export default {
  async fetch() {
    const failed = [];
    for (const [name, action] of checks) {
      try { await action(); } catch (error) { failed.push(`${name}: ${error.name}: ${error.message}`); }
    }
    return new Response(failed.length === 0 ? 'passed ' + checks.length : failed.join('\n'));
  },
};
