import { changed, lines, withContext } from "../lib/diff.js";
import { h } from "../lib/dom.js";

const SIGNS = { same: " ", added: "+", removed: "−" };

/** What differs between two texts. */
export function diffView(before, after, { label = "Changes", context = 3 } = {}) {
  const all = lines(before, after);
  const count = changed(all);
  if (count.added + count.removed === 0) {
    return h("p.quiet", "No differences.");
  }
  return h(
    "div",
    h("p.diff-count", h("span.added", `+${count.added}`), " ", h("span.removed", `−${count.removed}`), h("span.visually-hidden", " lines added and removed")),
    h(
      "div.diff",
      { role: "region", "aria-label": label, tabindex: "0" },
      withContext(all, context).map((line) =>
        line.gap
          ? h("div.diff-gap", `${line.gap} lines without a change`)
          : h(
              "div.diff-line",
              { class: line.kind },
              h("span.diff-number", { "aria-hidden": "true" }, line.before ?? ""),
              h("span.diff-number", { "aria-hidden": "true" }, line.after ?? ""),
              h("span.diff-sign", SIGNS[line.kind]),
              h("span.diff-text", line.text),
            ),
      ),
    ),
  );
}
