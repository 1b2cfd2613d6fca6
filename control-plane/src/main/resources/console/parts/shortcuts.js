import { h } from "../lib/dom.js";
import { may } from "../lib/state.js";
import { dialog } from "./dialog.js";
import { NAVIGATION } from "./navigation.js";
import { openPalette } from "./palette.js";

const SECOND_KEY_MILLIS = 1200;

/** "?" shows the shortcuts, "g" and a letter goes to a page, "/" or Ctrl+K opens the palette. None of them acts while text is written. */
export function listenForShortcuts({ signedIn, go }) {
  let waiting = 0;
  addEventListener("keydown", (event) => {
    if (!signedIn()) {
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
      return;
    }
    const writing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
    if (writing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (waiting > Date.now()) {
      waiting = 0;
      const entry = entries().find((one) => one.key === event.key);
      if (entry) {
        event.preventDefault();
        go(entry.href);
      }
    } else if (event.key === "g") {
      waiting = Date.now() + SECOND_KEY_MILLIS;
    } else if (event.key === "?") {
      event.preventDefault();
      openHelp();
    } else if (event.key === "/") {
      event.preventDefault();
      openPalette();
    }
  });
}

function entries() {
  return NAVIGATION.flatMap((group) => group.entries).filter((entry) => !entry.scope || may(entry.scope));
}

export function openHelp() {
  const line = (keys, text) => h("div.shortcut", h("span.keys", keys.map((key) => h("kbd", key))), h("span", text));
  dialog("Keyboard shortcuts", h(
    "div.stack",
    h("div", line(["Ctrl", "K"], "Go to any page, site or function"), line(["/"], "The same"), line(["?"], "This help")),
    h("h3", "Go to"),
    h("div.shortcuts", entries().map((entry) => line(["g", entry.key], entry.label))),
    h("h3", "In an editor"),
    h("div", line(["Ctrl", "Space"], "What may stand here"), line(["Ctrl", "S"], "Review or push"), line(["Esc"], "Leave the editor")),
  ));
}
