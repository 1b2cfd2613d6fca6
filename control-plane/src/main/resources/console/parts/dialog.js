import { freshId, h } from "../lib/dom.js";
import { button, problem } from "./controls.js";
import { icon } from "./icons.js";

/** Opens a modal dialog; the browser keeps the focus in it, and gives it back when it closes. */
export function dialog(title, body, { wide = false, onclose = null } = {}) {
  const id = freshId("dialog");
  const element = h(
    "dialog.dialog",
    { "aria-labelledby": id, class: wide ? "wide" : "", onclose: () => {
      element.remove();
      onclose?.();
    } },
    h(
      "div.dialog-head",
      h("h2", { id }, title),
      h("button.icon-button", { type: "button", "aria-label": "Close", onclick: () => element.close() }, icon("close")),
    ),
    h("div.dialog-body", body),
  );
  document.body.append(element);
  element.showModal();
  return element;
}

/**
 * A dialog with a form: `fields` are shown, `submit` does the work; it closes when that succeeds. Mistakes that the API names go to the
 * field of the same name, all others above the buttons.
 */
export function formDialog(title, fields, { action = "Save", kind = "primary", submit, names = {}, wide = false, intro = null }) {
  const wrong = h("div");
  const send = button(action, null, { kind, type: "submit" });
  const form = h(
    "form.stack",
    { novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      save();
    } },
    intro && h("p", intro),
    fields,
    wrong,
    h("div.row.end", button("Cancel", () => box.close()), send),
  );
  async function save() {
    if (send.getAttribute("aria-busy") === "true") {
      return;
    }
    send.setAttribute("aria-busy", "true");
    wrong.replaceChildren();
    Object.values(names).forEach((one) => one.say(null));
    try {
      if ((await submit()) !== false) {
        box.close();
      }
    } catch (failure) {
      const left = (failure.errors ?? []).filter((mistake) => {
        const place = names[mistake.path.split(/[.[]/)[0]];
        place?.say([mistake.rule, mistake.fix].filter(Boolean).join(" – "));
        return !place;
      });
      if (left.length > 0 || !failure.errors?.length) {
        wrong.append(problem({ ...failure, title: failure.title, detail: failure.detail || failure.message, errors: left }));
      }
      form.querySelector("[aria-invalid=true]")?.focus();
    } finally {
      send.removeAttribute("aria-busy");
    }
  }
  const box = dialog(title, form, { wide });
  form.querySelector("input, textarea, select")?.focus();
  return box;
}

/** Asks before something that cannot be taken back. */
export function confirm(title, text, { action, kind = "danger", submit }) {
  return formDialog(title, [], { action, kind, submit, intro: text });
}
