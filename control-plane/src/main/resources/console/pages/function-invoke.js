import { call } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { bytes, millis } from "../lib/format.js";
import { may } from "../lib/state.js";
import { area, button, card, facts, field, input, mark, note, problem, select } from "../parts/controls.js";

const HIDDEN = new Set(["content-security-policy", "x-content-type-options", "cache-control", "content-length", "x-request-id"]);
const SHOWN_MOST = 100_000;

/** Calls the function on one node with a request of one's own. */
export function invokeTab(visit, one) {
  if (!may("functions:write")) {
    return card("Test", note("warn", "Calling a function needs the scope functions:write."));
  }
  const method = select(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].map((name) => [name, name]), "GET", draw);
  const url = input({ value: "/", class: "mono" });
  const versions = [["", "As traffic goes"], ...Array.from({ length: Math.min(one.state.version, 20) }, (_, index) => [String(one.state.version - index), `Version ${one.state.version - index}`])];
  const version = select(versions, "");
  const body = area({ rows: 4, class: "mono" });
  const bodyField = field("Body", body);
  const type = input({ value: "application/json", class: "mono" });
  const typeField = field("Content-Type", type);
  const answer = h("div", { "aria-live": "polite" });
  const send = button("Call", null, { kind: "primary", type: "submit", glyph: "play" });

  function draw() {
    const none = method.value === "GET" || method.value === "HEAD";
    bodyField.hidden = none;
    typeField.hidden = none;
  }

  async function run(event) {
    event.preventDefault();
    if (send.getAttribute("aria-busy") === "true") {
      return;
    }
    send.setAttribute("aria-busy", "true");
    const none = bodyField.hidden;
    try {
      const result = await call("POST", `${one.path}/invoke`, {
        query: { method: method.value, url: url.value, version: version.value },
        body: none ? undefined : body.value,
        type: none ? undefined : type.value,
        accept: "*/*",
        raw: true,
        signal: visit.signal,
      });
      fill(answer, shown(result));
    } catch (failure) {
      if (failure.name !== "AbortError") {
        fill(answer, problem(failure));
      }
    } finally {
      send.removeAttribute("aria-busy");
    }
  }

  draw();
  return h(
    "div.stack",
    card("Call it on one node", h("form.stack", { onsubmit: run, novalidate: true }, h("div.form-row", h("div.narrow", field("Method", method)), h("div.grow", field("URL", url, { hint: "A path, or an absolute URL" })), field("Version", version)), typeField, bodyField, h("div.row", send))),
    answer,
  );
}

function shown(result) {
  const of = (name) => result.headers.get(name);
  const outcome = of("Verge-Outcome");
  const fields = [...result.headers].filter(([name]) => !name.startsWith("verge-") && !HIDDEN.has(name));
  return card(
    "Answer",
    facts([
      ["Outcome", mark(outcome === "ok" ? "good" : "bad", outcome)],
      ["Status", h("span.strong", result.status)],
      ["Run by", `version ${of("Verge-Version")} on ${of("Verge-Node")}`],
      ["Time", `${millis(Number(of("Verge-Wall-Micros")) / 1000)}, of it ${millis(Number(of("Verge-Cpu-Micros")) / 1000)} of CPU`],
      ["Body", bytes(result.text.length)],
    ]),
    fields.length > 0 && h("pre.code", { tabindex: "0" }, fields.map(([name, value]) => `${name}: ${value}\n`).join("")),
    result.text !== "" && h("pre.code", { tabindex: "0" }, result.text.slice(0, SHOWN_MOST)),
    of("Verge-Truncated") && h("p.quiet", "The body was longer; the rest is left out."),
  );
}
