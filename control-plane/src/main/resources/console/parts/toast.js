import { h } from "../lib/dom.js";
import { icon } from "./icons.js";

const SHOWN_MILLIS = 6000;
const MOST = 4;

/** Tells in passing; failures stay until they are closed. */
export function toast(title, text = "", kind = "good") {
  const holder = document.getElementById("toasts");
  const element = h(
    "div.toast",
    { class: kind, role: kind === "bad" ? "alert" : "status" },
    icon(kind === "bad" ? "warn" : "check"),
    h("div", h("p.note-title", title), text && h("p", text)),
    h("button.icon-button", { type: "button", "aria-label": "Close this message", onclick: () => element.remove() }, icon("close")),
  );
  while (holder.children.length >= MOST) {
    holder.firstElementChild.remove();
  }
  holder.append(element);
  if (kind !== "bad") {
    setTimeout(() => element.remove(), SHOWN_MILLIS);
  }
}
