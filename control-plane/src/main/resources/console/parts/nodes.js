// Where nodes stand with a document or a purge.

import { announce, fill, h } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { empty, mark, when } from "./controls.js";
import { table } from "./table.js";

const KINDS = { applied: "good", done: "good", pending: "wait", refused: "bad" };

/** One line for each node of a status. */
export function nodeTable(status, label) {
  if (status.nodes.length === 0) {
    return empty("No nodes yet", "A node appears here when it connects for the first time.");
  }
  return table(label, [
    { label: "Node", cell: (node) => h("span.strong", node.node) },
    { label: "State", cell: (node) => [mark(KINDS[node.state] ?? "", node.state), node.reason && h("p.reason", node.reason)] },
    { label: "Stream", cell: (node) => (node.connected ? mark("good", "connected") : mark("off", "away")) },
    { label: "Revision", align: "number", cell: (node) => node.revision ?? "–" },
    { label: "Since", cell: (node) => when(node.since ?? node.doneAt) },
  ], status.nodes);
}

const DONE = new Set(["applied", "done"]);

/**
 * Follows an answer of the nodes until every connected one has given its own: `read` asks for the status. Shows a bar, and tells screen
 * readers when it is over.
 */
export function progress(visit, read, { title, word = "applied", finished = () => {} }) {
  const element = h("div.progress-box", { role: "group", "aria-label": title });
  const bar = h("progress", { "aria-label": title });
  const text = h("p");
  const lines = h("ul.plain");
  element.append(h("p.strong", title), bar, text, lines);
  let over = false;

  async function look() {
    if (over) {
      return;
    }
    const status = await read();
    const counted = status.nodes.filter((node) => node.connected || node.state !== "pending");
    const good = counted.filter((node) => DONE.has(node.state)).length;
    const bad = counted.filter((node) => node.state === "refused").length;
    bar.max = Math.max(1, counted.length);
    bar.value = good + bad;
    const away = status.nodes.length - counted.length;
    text.textContent = `${word} on ${good} of ${plural(counted.length, "node")}${bad > 0 ? `, refused by ${bad}` : ""}${away > 0 ? `; ${away} away, which catch up before they serve` : ""}`;
    fill(
      lines,
      status.nodes.map((node) =>
        h("li", mark(KINDS[node.state], node.state), " ", h("span.strong", node.node), " ", when(node.since ?? node.doneAt), node.reason && h("p.reason", node.reason)),
      ),
    );
    if (good + bad === counted.length) {
      over = true;
      announce(text.textContent);
      finished(status, bad === 0);
    }
  }

  let timer = 0;
  visit.onLeave(() => {
    over = true;
    clearTimeout(timer);
  });
  const again = async () => {
    try {
      await look();
    } catch (failure) {
      text.textContent = failure.detail || failure.message;
    }
    if (!over) {
      timer = setTimeout(again, 400);
    }
  };
  again();
  return element;
}
