import { h } from "../lib/dom.js";

/**
 * A table that turns into cards on a narrow screen. `columns` are [{label, cell: (row) => node, align, quiet}]; the first column names the
 * row.
 */
export function table(caption, columns, rows) {
  return h(
    "div.table-wrap",
    { tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      h("caption.visually-hidden", caption),
      h("thead", h("tr", columns.map((column) => h("th", { scope: "col", class: column.align ?? "" }, column.label)))),
      h(
        "tbody",
        rows.map((row) =>
          h(
            "tr",
            columns.map((column, index) =>
              h(
                index === 0 ? "th" : "td",
                { scope: index === 0 ? "row" : null, class: `${column.align ?? ""} ${column.quiet ? "quiet" : ""}`, dataset: { label: column.label } },
                column.cell(row),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}
