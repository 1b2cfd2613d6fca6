// Analytics over lines of an access log: splits them, has the parts mapped at the same time by invocations of another function, and
// reduces what they found to one answer.
import { merged, shown } from "./lib/reduce.js";
import { parts } from "./lib/split.js";

/** @type {ExportedHandler} */
export default {
  async fetch(request, env) {
    if (request.method !== "POST") {
      return Response.json({ error: "POST lines of the form: METHOD PATH STATUS MILLISECONDS" }, { status: 405 });
    }
    const text = await request.text();
    const answers = await Promise.all(parts(text, Number(env.PARTS)).map(async (part) => {
      const response = await env.WORKER.fetch("https://worker.invalid/", { method: "POST", body: part });
      if (!response.ok) {
        throw new Error(`a part was not mapped: ${response.status}`);
      }
      return response.json();
    }));
    console.log(`${answers.length} parts`);
    return Response.json({ parts: answers.length, ...shown(answers.reduce(merged)) });
  },
};
