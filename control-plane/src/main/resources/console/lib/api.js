// Calls of the API. The session's cookie goes with them by itself; there is no token here.

/** A call that did not succeed: the API's problem details, or what stands for them. */
export class Problem extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `status ${status}`);
    this.status = status;
    this.title = problem.title || "The call failed";
    this.detail = problem.detail || "";
    this.errors = Array.isArray(problem.errors) ? problem.errors : [];
    this.requestId = problem.requestId || null;
  }
}

const listeners = new Set();
let account = null;

/** Which account calls are for; null is the session's own. */
export function actFor(name) {
  account = name;
}

/** Told when the session is over. */
export function onSignedOut(listener) {
  listeners.add(listener);
}

/** A path of the API with query parameters; those that are null are left out. */
export function address(path, query = {}) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") {
      all.set(name, value);
    }
  }
  if (account !== null) {
    all.set("account", account);
  }
  const text = all.toString();
  return `/v1${path}${text === "" ? "" : `?${text}`}`;
}

/** One part of a path. */
export function part(text) {
  return encodeURIComponent(text);
}

/** What came back: `data` is the JSON or the text, `etag` the version, `headers` all fields. */
async function read(response) {
  const type = response.headers.get("Content-Type") || "";
  const text = await response.text();
  let data = text;
  if (/[/+]json\b/.test(type) && text !== "") {
    try {
      data = JSON.parse(text);
    } catch {
      data = text;
    }
  }
  return { status: response.status, data, text, type, etag: response.headers.get("ETag"), headers: response.headers };
}

/**
 * Any call.
 *
 * Options: `query`, `json` (a body as JSON), `body` with `type`, `etag` (sent as If-Match), `accept`, `token` (signing in only), `signal`,
 * `fields` (more header fields; those that are null are left out), `raw` (any status is an answer).
 */
export async function call(method, path, options = {}) {
  const headers = new Headers();
  headers.set("Accept", options.accept || "application/json");
  let body = options.body;
  if (options.json !== undefined) {
    body = JSON.stringify(options.json);
    headers.set("Content-Type", "application/json");
  } else if (options.type) {
    headers.set("Content-Type", options.type);
  }
  if (options.etag) {
    headers.set("If-Match", options.etag);
  }
  for (const [name, value] of Object.entries(options.fields ?? {})) {
    if (value !== null) {
      headers.set(name, value);
    }
  }
  if (options.token) {
    headers.set("Authorization", `Bearer ${options.token}`);
  }
  let response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
    });
  } catch (failure) {
    if (failure.name === "AbortError") {
      throw failure;
    }
    throw new Problem(0, { title: "The control plane does not answer", detail: "It may be restarting. The call can be tried again." });
  }
  const answer = await read(response);
  if (response.ok || (options.raw && response.headers.has("Verge-Outcome"))) {
    return answer;
  }
  if (response.status === 401 && !options.token) {
    listeners.forEach((listener) => listener());
  }
  throw new Problem(response.status, typeof answer.data === "object" && answer.data !== null ? answer.data : {});
}

export const get = (path, options) => call("GET", path, options);
export const put = (path, options) => call("PUT", path, options);
export const post = (path, options) => call("POST", path, options);
export const remove = (path, options) => call("DELETE", path, options);

const MOST_PAGES = 20;

/** Every item of a list, page by page, of a bounded number of pages. */
export async function all(path, options = {}) {
  const items = [];
  let cursor = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data } = await get(path, { ...options, query: { ...options.query, limit: 500, cursor } });
    items.push(...data.items);
    cursor = data.next;
    if (cursor === null) {
      break;
    }
  }
  return items;
}
