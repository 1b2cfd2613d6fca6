// An editor over a textarea, so that all that browsers do for text works: undo, selection, spelling, screen readers. Colours are drawn
// beneath it, line numbers and mistakes beside it, completion over it.

import { announce, fill, freshId, h } from "../lib/dom.js";

const HIGHLIGHT_MOST = 200_000;
const OFFERED = 40;

/**
 * An editor. Options: `label`, `value`, `highlight` (text → [[kind, text]]), `complete` ((text, offset, forced) → {from, offers} or null),
 * `change` (told the text after each change), `readonly`, `save` (Ctrl+S).
 */
export function editor(options) {
  const list = freshId("offers");
  const input = h("textarea.editor-input", {
    "aria-label": options.label,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    wrap: "off",
    readonly: options.readonly,
    "aria-controls": list,
  });
  const paint = h("pre.editor-paint", { "aria-hidden": "true" });
  const gutter = h("div.editor-gutter", { "aria-hidden": "true" });
  const offers = h("ul.editor-offers", { id: list, role: "listbox", "aria-label": "Completions", hidden: true });
  const body = h("div.editor-body", paint, input);
  const problems = h("ol.editor-problems", { hidden: true, "aria-label": "Problems" });
  // Beside what scrolls, so that nothing of them is cut off.
  const element = h("div.editor-frame", h("div.editor", { onscroll: () => open && place() }, gutter, body), offers, problems);
  let mistakes = [];
  let open = null;
  let rows = 0;

  function draw() {
    const text = input.value;
    const parts = text.length > HIGHLIGHT_MOST ? [["", text]] : options.highlight(text);
    fill(paint, parts.map(([kind, piece]) => (kind ? h(`span.t-${kind}`, piece) : piece)), "\n");
    const count = text.split("\n").length;
    if (count !== rows) {
      rows = count;
      drawGutter();
    }
    input.style.setProperty("height", `${paint.scrollHeight}px`);
    input.style.setProperty("width", `${Math.max(paint.scrollWidth, body.clientWidth)}px`);
  }

  function drawGutter() {
    const wrong = new Map(mistakes.map((one) => [one.line, one]));
    fill(
      gutter,
      Array.from({ length: rows }, (_, index) => h("div", { class: wrong.has(index) ? "wrong" : "", title: wrong.get(index)?.text }, index + 1)),
    );
  }

  function changed() {
    draw();
    offer(false);
    options.change?.(input.value);
  }

  function offer(forced) {
    const found = options.complete?.(input.value, input.selectionStart, forced) ?? null;
    if (!found || found.offers.length === 0 || input.selectionStart !== input.selectionEnd) {
      close();
      return;
    }
    open = { ...found, offers: found.offers.slice(0, OFFERED), at: 0 };
    fill(
      offers,
      open.offers.map((one, index) =>
        h(
          "li",
          { role: "option", id: `${list}-${index}`, onmousedown: (event) => {
            event.preventDefault();
            accept(index);
          } },
          h("span.offer-text", one.text),
          one.detail && h("span.offer-detail", one.detail),
        ),
      ),
    );
    offers.hidden = false;
    place();
    choose(0);
  }

  /** Under the cursor: columns are of one width. */
  function place() {
    const before = input.value.slice(0, open.from);
    const row = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n") - 1;
    const style = getComputedStyle(input);
    const line = parseFloat(style.lineHeight);
    const pad = parseFloat(style.paddingTop);
    const own = element.getBoundingClientRect();
    const text = input.getBoundingClientRect();
    offers.style.setProperty("top", `${text.top - own.top + pad + row * line + 2}px`);
    offers.style.setProperty("left", `min(${text.left - own.left + parseFloat(style.paddingLeft)}px + ${column}ch, ${own.width - offers.offsetWidth}px)`);
  }

  function choose(index) {
    open.at = (index + open.offers.length) % open.offers.length;
    [...offers.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === open.at)));
    offers.children[open.at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `${list}-${open.at}`);
  }

  function close() {
    open = null;
    offers.hidden = true;
    input.removeAttribute("aria-activedescendant");
  }

  function accept(index) {
    const { from, offers: all } = open;
    close();
    replace(from, input.selectionStart, all[index].insert);
  }

  /** Through the browser's own command, so that undo goes on working. */
  function replace(from, to, text) {
    input.setSelectionRange(from, to);
    input.focus();
    if (!document.execCommand("insertText", false, text)) {
      input.setRangeText(text, from, to, "end");
      changed();
    }
  }

  function keyed(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      options.save?.();
    } else if (open) {
      offered(event);
    } else if (event.ctrlKey && event.key === " ") {
      event.preventDefault();
      offer(true);
    } else if (event.key === "Enter" && !options.readonly && !event.isComposing) {
      indent(event);
    } else if (event.key === "Escape") {
      // Tab moves on from here, as everywhere; there is no key that would trap the focus.
      input.blur();
      element.querySelector(".editor-problems:not([hidden]) button")?.focus();
    }
  }

  function offered(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      choose(open.at + moves[event.key]);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      accept(open.at);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      close();
    }
  }

  /** A new line begins where the one before does, deeper after an opening. */
  function indent(event) {
    const before = input.value.slice(0, input.selectionStart);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    const margin = /^\s*/.exec(line)[0];
    const deeper = /[:{([]\s*$/.test(line) ? "  " : "";
    if (margin || deeper) {
      event.preventDefault();
      replace(input.selectionStart, input.selectionEnd, `\n${margin}${deeper}`);
    }
  }

  input.addEventListener("input", changed);
  input.addEventListener("keydown", keyed);
  input.addEventListener("blur", () => close());
  input.addEventListener("click", () => close());

  element.text = () => input.value;
  element.setText = (text) => {
    input.value = text;
    draw();
  };
  element.focusLine = (line) => {
    const start = input.value.split("\n").slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
    input.focus();
    input.setSelectionRange(start, start);
    const height = parseFloat(getComputedStyle(input).lineHeight);
    body.parentElement.scrollTo({ top: Math.max(0, (line - 4) * height) });
  };
  /** Shows mistakes: [{line (from 0), text, fix}]. */
  element.mistakes = (all) => {
    const before = mistakes.length;
    mistakes = all;
    drawGutter();
    problems.hidden = all.length === 0;
    fill(
      problems,
      all.map((one) =>
        h(
          "li",
          h("button", { type: "button", onclick: () => element.focusLine(one.line) }, h("span.line-number", `Line ${one.line + 1}`), " ", one.path && h("code", one.path), " ", one.text, one.fix && h("span.quiet", ` – ${one.fix}`)),
        ),
      ),
    );
    if (all.length !== before) {
      announce(all.length === 0 ? "No problems" : `${all.length} problems`);
    }
  };
  input.value = options.value ?? "";
  requestAnimationFrame(draw);
  return element;
}
