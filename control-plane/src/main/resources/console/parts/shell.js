// The frame around every page: navigation, account, theme, who is signed in.

import { all, remove } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { may, operator, setTheme, state, switchAccount, theme } from "../lib/state.js";
import { button, facts, select, when } from "./controls.js";
import { dialog } from "./dialog.js";
import { icon } from "./icons.js";
import { NAVIGATION } from "./navigation.js";
import { openPalette } from "./palette.js";
import { openHelp } from "./shortcuts.js";

const THEMES = [["system", "System", "system"], ["light", "Light", "sun"], ["dark", "Dark", "moon"]];

export function shell({ reload, signedOut }) {
  const links = new Map();
  const nav = h(
    "nav.nav",
    { id: "navigation", "aria-label": "Main" },
    NAVIGATION.map((group) => {
      const entries = group.entries.filter((entry) => !entry.scope || may(entry.scope));
      return entries.length > 0 && h(
        "div.nav-group",
        group.title && h("p.nav-title", group.title),
        h("ul", entries.map((entry) => {
          const element = h("a", { href: entry.href }, icon(entry.name), entry.label);
          links.set(entry.name, element);
          return h("li", element);
        })),
      );
    }),
  );
  const toggle = h("button.icon-button.menu-button", { type: "button", "aria-label": "Menu", "aria-expanded": "false", "aria-controls": "navigation", onclick: () => open(!element.classList.contains("menu-open")) }, icon("menu"));
  const main = h("main.main", { id: "main", tabindex: "-1" });
  const element = h(
    "div.shell",
    h("a.skip", { href: "#main", onclick: (event) => {
      event.preventDefault();
      main.focus();
    } }, "Skip to the page"),
    h(
      "header.bar",
      toggle,
      h("a.brand", { href: "#/" }, logo(), "Verge"),
      h("button.search-button", { type: "button", "aria-label": "Go to… (Ctrl K)", onclick: openPalette }, icon("search"), h("span", "Go to…"), h("kbd", "Ctrl K")),
      h("div.bar-end", accountControl(reload), themeControl(), helpButton(), identity(signedOut)),
    ),
    h("div.sidebar", nav),
    h("div.scrim", { onclick: () => open(false) }),
    main,
  );

  function open(wanted) {
    element.classList.toggle("menu-open", wanted);
    toggle.setAttribute("aria-expanded", String(wanted));
    if (wanted) {
      nav.querySelector("a")?.focus();
    }
  }

  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && element.classList.contains("menu-open")) {
      open(false);
      toggle.focus();
    }
  });

  return {
    element,
    main,
    current(name) {
      open(false);
      for (const [key, entry] of links) {
        entry.toggleAttribute("aria-current", key === name);
        if (key === name) {
          entry.setAttribute("aria-current", "page");
        }
      }
    },
  };
}

export function logo() {
  return h(
    "svg.logo",
    { viewBox: "0 0 32 32", "aria-hidden": "true", focusable: "false" },
    h("rect", { width: 32, height: 32, rx: 8 }),
    h("path", { d: "M7 9l9 15 9-15" }),
    h("circle", { cx: 16, cy: 9.6, r: 2.4 }),
  );
}

function helpButton() {
  return h("button.icon-button.wide-only", { type: "button", "aria-label": "Keyboard shortcuts", title: "Keyboard shortcuts (?)", onclick: openHelp }, icon("help"));
}

function themeControl() {
  const element = h("button.icon-button", { type: "button" });
  const draw = () => {
    const [, label, glyph] = THEMES.find(([name]) => name === theme());
    element.setAttribute("aria-label", `Theme: ${label}. Change`);
    element.title = `Theme: ${label}`;
    element.replaceChildren(icon(glyph));
  };
  element.addEventListener("click", () => {
    const next = (THEMES.findIndex(([name]) => name === theme()) + 1) % THEMES.length;
    setTheme(THEMES[next][0]);
    draw();
  });
  draw();
  return element;
}

/** Operators may act for any account. */
function accountControl(reload) {
  const holder = h("div.account");
  if (!operator()) {
    holder.append(h("span.chip", { title: "Account" }, state.account));
    return holder;
  }
  const control = select([[state.account, state.account]], state.account, (name) => {
    switchAccount(name);
    holder.classList.toggle("foreign", name !== state.me.account);
    reload();
  });
  control.setAttribute("aria-label", "Account to act for");
  const load = async () => {
    const accounts = await all("/accounts");
    control.replaceChildren(...accounts.map((one) => h("option", { value: one.name, selected: one.name === state.account }, one.name)));
  };
  control.addEventListener("focus", () => load().catch(() => {}));
  load().catch(() => {});
  addEventListener("verge-accounts", () => load().catch(() => {}));
  holder.append(control);
  return holder;
}

function identity(signedOut) {
  const { me } = state;
  const element = h("button.identity", { type: "button", "aria-label": `Signed in as ${me.name}`, title: `Signed in as ${me.name}` }, h("span.avatar", { "aria-hidden": "true" }, me.name.slice(0, 1).toUpperCase()));
  element.addEventListener("click", () => {
    const leave = button("Sign out", async () => {
      await remove("/session");
      box.close();
      signedOut();
    }, { glyph: "out" });
    const box = dialog("Who am I", h(
      "div.stack",
      facts([
        ["Token", me.name],
        ["Token id", h("code", me.tokenId)],
        ["Account", me.account],
        ["Scopes", h("span.chips", me.scopes.map((scope) => h("span.chip", scope)))],
        ["Token expires", when(me.expiresAt)],
      ]),
      h("p.quiet.small", "The session ends after twelve hours, when you sign out, or when the token is revoked or expires."),
      h("div.row.end", leave),
    ));
  });
  return element;
}
