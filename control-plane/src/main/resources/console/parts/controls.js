// Buttons, fields, marks and the states of a page.

import { fill, freshId, h } from "../lib/dom.js";
import { ago, shorten, time } from "../lib/format.js";
import { icon } from "./icons.js";
import { toast } from "./toast.js";

const LONGEST_NAME = 20;

/** A button; `act` may be slow: the button is busy until it has ended, and a failure is told. */
export function button(label, act, { kind = "", glyph = null, disabled = false, title = null, type = "button" } = {}) {
  const element = h(
    "button.button",
    { type, class: kind, disabled, title, onclick: act && ((event) => run(element, () => act(event))) },
    glyph && icon(glyph),
    h("span", label),
  );
  return element;
}

/** Runs slow work of a button; failures become a toast unless the work handles them. */
export async function run(element, work) {
  if (element.getAttribute("aria-busy") === "true") {
    return;
  }
  element.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (failure) {
    if (failure.name !== "AbortError") {
      toast(failure.title ?? "That did not work", failure.detail || failure.message, "bad");
    }
  } finally {
    element.removeAttribute("aria-busy");
  }
}

export function linkButton(label, href, { kind = "", glyph = null } = {}) {
  return h("a.button", { href, class: kind }, glyph && icon(glyph), h("span", label));
}

/** A labelled control with a hint and a place for what is wrong with it. */
export function field(label, control, { hint = null, hidden = false } = {}) {
  const id = freshId("field");
  control.id = id;
  const wrong = h("p.field-wrong", { id: `${id}-wrong`, hidden: true });
  const described = [hint && `${id}-hint`, `${id}-wrong`].filter(Boolean).join(" ");
  control.setAttribute("aria-describedby", described);
  const element = h(
    "div.field",
    h("label", { for: id, class: hidden ? "visually-hidden" : "" }, label),
    control,
    hint && h("p.field-hint", { id: `${id}-hint` }, hint),
    wrong,
  );
  element.control = control;
  element.say = (text) => {
    wrong.hidden = !text;
    wrong.textContent = text ?? "";
    control.toggleAttribute("aria-invalid", Boolean(text));
    if (text) {
      control.setAttribute("aria-invalid", "true");
    }
  };
  return element;
}

export function input(properties = {}) {
  return h("input.input", { type: "text", autocomplete: "off", spellcheck: "false", ...properties });
}

export function area(properties = {}) {
  return h("textarea.input", { spellcheck: "false", autocomplete: "off", rows: 4, ...properties });
}

/** A choice out of [value, label] pairs. */
export function select(options, value, onchange = null) {
  const element = h(
    "select.input",
    { onchange: onchange && (() => onchange(element.value)) },
    options.map(([key, label]) => h("option", { value: key, selected: key === value }, label)),
  );
  return element;
}

export function checkbox(label, properties = {}) {
  const box = h("input", { type: "checkbox", ...properties });
  const element = h("label.check", box, h("span", label));
  element.box = box;
  return element;
}

/** A mark with a dot and a word; the word alone tells the state. */
export function mark(kind, text, title = null) {
  return h("span.mark", { class: kind, title }, h("span.dot", { "aria-hidden": "true" }), text);
}

export function chip(text, title = null) {
  return h("span.chip", { title }, text);
}

/** A point of time as people say it; the exact one stands in its title. */
export function when(instant) {
  return instant ? h("time", { datetime: instant, title: time(instant) }, ago(instant)) : h("span.quiet", "never");
}

/** Who did something, by the token's name; long ones are cut. */
export function by(name) {
  return h("span.nowrap", { title: name }, shorten(name, LONGEST_NAME));
}

export function empty(title, text, ...actions) {
  return h("div.empty", h("p.empty-title", title), text && h("p", text), actions.length > 0 && h("div.row.centre", actions));
}

/** What went wrong, with every mistake that the API names. */
export function problem(failure) {
  return h(
    "div.note.bad",
    { role: "alert" },
    icon("warn"),
    h(
      "div",
      h("p.note-title", failure.title ?? "Something went wrong"),
      h("p", failure.detail || failure.message),
      failure.errors?.length > 0 &&
        h(
          "ul.mistakes",
          failure.errors.map((one) =>
            h("li", one.path && h("code", one.path), " ", one.rule, one.fix && h("span.quiet", ` – ${one.fix}`)),
          ),
        ),
      failure.requestId && h("p.quiet.small", `Request ${failure.requestId}`),
    ),
  );
}

const NOTE_GLYPHS = { good: "check", info: "info" };

export function note(kind, text, ...more) {
  return h("div.note", { class: kind }, icon(NOTE_GLYPHS[kind] ?? "warn"), h("div", h("p", text), more));
}

export function loading() {
  return h("div.loading", { role: "status" }, h("span.spinner", { "aria-hidden": "true" }), h("span", "Loading…"));
}

/**
 * A part of a page whose contents come from the API: shows that it loads, then what `work` made of it, or what went wrong with a way to try
 * again. Loading again keeps what is there until the new contents have come.
 */
export function section(visit, work) {
  const element = h("div.section", loading());
  element.load = async () => {
    try {
      const content = await work();
      if (!visit.over) {
        fill(element, content);
      }
    } catch (failure) {
      if (failure.name !== "AbortError" && !visit.over) {
        fill(element, problem(failure), button("Try again", () => element.load(), { kind: "small" }));
      }
    }
  };
  element.ready = element.load();
  return element;
}

/** Text with a button that copies it. */
export function copyable(text, label = "Copy") {
  const act = button(label, async () => {
    await navigator.clipboard.writeText(text);
    toast("Copied", "", "good");
  }, { kind: "small", glyph: "copy" });
  return h("div.copyable", h("code", text), act);
}

export function card(title, ...children) {
  const id = freshId("card");
  return h("section.card", { "aria-labelledby": title ? id : null }, title && h("h2.card-title", { id }, title), children);
}

/** Label and value pairs. */
export function facts(pairs) {
  return h("dl.facts", pairs.filter(Boolean).map(([label, value]) => h("div", h("dt", label), h("dd", value))));
}
