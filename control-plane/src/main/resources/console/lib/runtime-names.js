// What the function runtime offers, for completion: after a dot, and at the beginning of a word. What it has besides the web's own API comes
// from the same verge.d.ts that editors read.

const MEMBERS = {
  env: [],
  request: [["url", "Absolute URL"], ["method", ""], ["headers", "Headers"], ["body", "ReadableStream or null"], ["text()", "Promise of the body"], ["json()", "Promise of the body"], ["formData()", "Promise of the body"], ["arrayBuffer()", "Promise of the body"], ["clone()", ""], ["signal", "AbortSignal"]],
  response: [["status", ""], ["ok", ""], ["headers", "Headers"], ["body", "ReadableStream or null"], ["text()", "Promise of the body"], ["json()", "Promise of the body"], ["clone()", ""]],
  headers: [["get(", ""], ["set(", ""], ["append(", ""], ["has(", ""], ["delete(", ""], ["getSetCookie()", ""], ["entries()", ""]],
  url: [["pathname", ""], ["search", ""], ["searchParams", "URLSearchParams"], ["hostname", ""], ["host", ""], ["origin", ""], ["href", ""], ["protocol", ""], ["hash", ""]],
  console: [["log(", "Shown in Logs"], ["info(", ""], ["warn(", ""], ["error(", ""], ["debug(", ""]],
  crypto: [["subtle", "Web Crypto"], ["randomUUID()", ""], ["getRandomValues(", ""]],
  caches: [["default", "The node's cache of the site"], ["open(", "A cache by name"]],
  Response: [["json(", "A response with JSON"], ["redirect(", ""], ["error()", ""]],
  JSON: [["parse(", ""], ["stringify(", ""]],
  performance: [["now()", "Advances at I/O only"]],
};

/** The types of names that handlers usually give to what they get. */
const TYPES = { ctx: "ExecutionContext", event: "ScheduledEvent", verge: "RequestFacts", element: "HTMLElementToken", rewriter: "HTMLRewriter" };

const GLOBALS = [
  "AbortController", "AbortSignal", "Blob", "CompressionStream", "DecompressionStream", "FormData", "Headers", "HTMLRewriter", "ReadableStream", "Request", "Response",
  "TextDecoder", "TextDecoderStream", "TextEncoder", "TextEncoderStream", "TransformStream", "URL", "URLPattern", "URLSearchParams", "WritableStream", "atob", "btoa", "caches", "clearTimeout", "console", "crypto",
  "fetch", "performance", "queueMicrotask", "setTimeout", "structuredClone",
];

const SNIPPETS = [
  ["async fetch(request, env, ctx) {\n    \n  },", "fetch", "Answers a request"],
  ["async scheduled(event, env, ctx) {\n    \n  },", "scheduled", "Runs on a schedule"],
];

/** Completions at a place of JavaScript; `env` has the types of the names in `env`, `types` the members of the runtime's own types. */
export function completions(text, offset, forced, env = new Map(), types = new Map()) {
  const before = text.slice(0, offset);
  const member = /\b([A-Za-z_$][\w$]*)\.([\w$]*)$/.exec(before);
  if (member) {
    const offers = member[1] === "env" ? [...env].map(([name, type]) => [name, type]) : membersOf(member[1], env, types);
    return { from: offset - member[2].length, offers: matching(offers, member[2]) };
  }
  const word = /(?:^|[^\w$."'`])([A-Za-z_$][\w$]*)$/.exec(before);
  const prefix = word?.[1] ?? "";
  if (prefix.length < 2 && !forced) {
    return null;
  }
  const snippets = /^\s*\w*$/.test(before.slice(before.lastIndexOf("\n") + 1)) && /export\s+default\s*\{/.test(before) ? SNIPPETS : [];
  return {
    from: offset - prefix.length,
    offers: [
      ...snippets.filter(([, name]) => name.startsWith(prefix)).map(([insert, name, detail]) => ({ text: `${name}()`, insert, detail })),
      ...matching(GLOBALS.map((name) => [name, ""]), prefix),
    ],
  };
}

function membersOf(name, env, types) {
  const web = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : [];
  const own = types.get(env.get(name) ?? (Object.hasOwn(TYPES, name) ? TYPES[name] : "")) ?? [];
  return name === "request" ? [...web, ...(types.get("Request") ?? [])] : [...web, ...own];
}

function matching(offers, prefix) {
  const lower = prefix.toLowerCase();
  return offers
    .filter(([text]) => text.toLowerCase().startsWith(lower) && text !== prefix)
    .map(([text, detail]) => ({ text: text.replace(/[(]$/, ""), insert: text, detail }));
}
