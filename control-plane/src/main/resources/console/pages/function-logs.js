import { fill, h } from "../lib/dom.js";
import { clock, millis } from "../lib/format.js";
import { follow } from "../lib/stream.js";
import { button, card, checkbox, empty, field, input, mark } from "../parts/controls.js";

const MOST = 500;

/** Runs as they happen. Nothing is kept anywhere: who comes later sees what comes later. */
export function logsTab(visit, one) {
  const state = h("span", mark("wait", "connecting"));
  const rows = h("ol.log", { role: "log", "aria-label": "Runs", tabindex: "0" });
  const nothing = empty("Waiting for runs", "Each run appears here when it has ended, with what it logged. Call the function, or wait for traffic.");
  const filter = input({ placeholder: "Filter", type: "search" });
  const failed = checkbox("Failed runs only");
  let paused = false;
  let waiting = [];
  const pause = button("Pause", () => {
    paused = !paused;
    pause.querySelector("span").textContent = paused ? "Go on" : "Pause";
    if (!paused) {
      waiting.splice(0).forEach(add);
    }
  }, { glyph: "pause" });

  function add(element) {
    nothing.remove();
    const atEnd = rows.scrollHeight - rows.scrollTop - rows.clientHeight < 40;
    rows.append(element);
    while (rows.children.length > MOST) {
      rows.firstElementChild.remove();
    }
    apply(element);
    if (atEnd) {
      rows.scrollTop = rows.scrollHeight;
    }
  }

  function take(element) {
    if (!paused) {
      add(element);
      return;
    }
    waiting.push(element);
    waiting = waiting.slice(-MOST);
  }

  function apply(element) {
    const wanted = filter.value.toLowerCase();
    element.hidden = (failed.box.checked && element.dataset.good === "true") || !element.textContent.toLowerCase().includes(wanted);
  }

  const applyAll = () => [...rows.children].forEach(apply);
  filter.addEventListener("input", applyAll);
  failed.box.addEventListener("change", applyAll);
  visit.onLeave(follow(`${one.path}/logs`, {}, {
    run: ({ node, run }) => take(line(node, run)),
    dropped: ({ node, records }) => take(h("li.log-run", h("span.quiet", `${records} runs were not handed on${node ? ` by ${node}` : ""}.`))),
  }, (now) => {
    const words = { live: ["good", "live"], waiting: ["wait", "connecting"], refused: ["bad", "refused, trying again"] };
    fill(state, mark(...words[now]));
  }));
  return card("Live runs", h("div.head.inner", state, h("div.row", field("Filter", filter, { hidden: true }), failed, pause, button("Clear", () => rows.replaceChildren()))), nothing, rows);
}

function line(node, run) {
  const good = run.outcome === "ok";
  return h(
    "li.log-run",
    { dataset: { good: String(good) } },
    h(
      "div.log-head",
      h("time", clock(Date.now())),
      mark(good ? "good" : "bad", run.outcome),
      h("span.strong", run.status ?? ""),
      h("span.quiet", `version ${run.version} · ${node} · cpu ${millis(run.cpuMs ?? 0)} · wall ${millis(run.wallMs ?? 0)}`),
      h("span.quiet.mono", run.id ?? ""),
    ),
    (run.logs ?? []).map((entry) => h("pre.log-line", { class: ["warn", "error"].includes(entry.level) ? entry.level : "" }, `${entry.level}: ${entry.text}`)),
  );
}
