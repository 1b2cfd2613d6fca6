import { Problem, get, put } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { javascript } from "../lib/highlight.js";
import { guardLeaving, link } from "../lib/router.js";
import { completions } from "../lib/runtime-names.js";
import { runtimeTypes } from "../lib/runtime-types.js";
import { may } from "../lib/state.js";
import { button, card, checkbox, mark, note } from "../parts/controls.js";
import { dialog } from "../parts/dialog.js";
import { diffView } from "../parts/diffview.js";
import { editor } from "../parts/editor.js";
import { progress } from "../parts/nodes.js";

/** The newest version's code: edited, compared and pushed as a new version. */
export async function codeTab(visit, one) {
  const { data: source } = await get(`${one.path}/versions/${one.state.version}/source`, { signal: visit.signal });
  const stored = new Map(Object.entries(source.modules));
  const edited = new Map(stored);
  let current = source.main;
  const writable = may("functions:write");
  const state = h("span");
  const outcome = h("div");
  const activate = checkbox("Give it all traffic at once", { checked: true });
  const push = button("Review and push", () => reviewed(), { kind: "primary", disabled: true });
  const names = typesOfEnv(one.state);
  const types = await runtimeTypes();
  const edit = editor({
    label: `Code of ${one.name}`,
    value: stored.get(current),
    highlight: javascript,
    readonly: !writable,
    change: (text) => {
      edited.set(current, text);
      edit.mistakes([]);
      draw();
    },
    save: () => push.disabled || reviewed(),
    complete: (text, offset, forced) => completions(text, offset, forced, names, types),
  });
  const modules = h("div.modules", { role: "group", "aria-label": "Modules" });

  function changedModules() {
    return [...edited].filter(([name, text]) => stored.get(name) !== text).map(([name]) => name);
  }

  function draw() {
    const changed = changedModules();
    push.disabled = changed.length === 0 || !writable;
    fill(state, changed.length === 0 ? mark("good", `version ${one.state.version}`) : mark("wait", `${plural(changed.length, "module")} changed`));
    fill(
      modules,
      edited.size > 1 &&
        [...edited.keys()].map((name) =>
          h("button.module", { type: "button", "aria-pressed": String(name === current), onclick: () => open(name) }, name, name === source.main && h("span.quiet", " main"), changed.includes(name) && h("span", " •")),
        ),
    );
  }

  function open(name) {
    current = name;
    edit.setText(edited.get(name));
    edit.mistakes([]);
    draw();
  }

  function reviewed() {
    const send = button("Push", () => pushed(box), { kind: "primary" });
    const box = dialog("Review the push", h(
      "div.stack",
      changedModules().map((name) => [h("h3.mono", name), diffView(stored.get(name) ?? "", edited.get(name))]),
      activate,
      h("div.row.end", button("Back", () => box.close()), send),
    ), { wide: true });
    send.focus();
  }

  async function pushed(box) {
    const form = new FormData();
    form.set("metadata", JSON.stringify({ ...one.state.metadata, main: source.main, activate: activate.box.checked }));
    for (const [name, text] of edited) {
      form.append(name, new Blob([text], { type: "application/javascript" }), name);
    }
    try {
      const { data } = await put(one.path, { body: form });
      box.close();
      edited.forEach((text, name) => stored.set(name, text));
      await one.refresh();
      draw();
      if (data.activated) {
        fill(outcome, card(null, progress(visit, async () => (await get(`${one.path}/status`, { signal: visit.signal })).data, { title: `Version ${data.version} is pushed`, word: "live" })));
      } else {
        fill(outcome, note("good", `Version ${data.version} is kept and takes no traffic yet.`, h("a", { href: link("functions", one.name, "rollout") }, "Give it some")));
      }
    } catch (failure) {
      if (!(failure instanceof Problem)) {
        throw failure;
      }
      box.close();
      const found = mistakes(failure, source.main);
      const first = found.find((one) => one.module !== null && one.module !== current && edited.has(one.module));
      if (first) {
        open(first.module);
      }
      edit.mistakes(found);
    }
  }

  guardLeaving(visit, () => (changedModules().length === 0 ? null : "The code has changes that are not pushed. Leave it?"));
  draw();
  return h(
    "div.stack",
    outcome,
    card(null, h("div.head.inner", state, h("div.row", h("span.quiet.small.wide-only", "Ctrl+Space completes"), push)), modules, edit),
    !writable && note("warn", "This token may read only."),
  );
}

/** The types of what `env` holds for the function, by name. */
function typesOfEnv(state) {
  const metadata = state.metadata ?? {};
  const of = (names, type) => names.map((name) => [name, type]);
  return new Map([
    ...of(Object.keys(metadata.vars ?? {}), "string"),
    ...of(Object.keys(state.vars), "string"),
    ...of(state.secrets, "string"),
    ...of(Object.keys(metadata.kv ?? {}), "KVNamespace"),
    ...of(Object.keys(metadata.services ?? {}), "Fetcher"),
  ].sort(([a], [b]) => a.localeCompare(b)));
}

/** Problems of a push with their lines: the sandbox names them as module:line:column or as line N. */
export function mistakes(failure, main) {
  const all = failure.errors.length > 0 ? failure.errors : [{ path: "", value: "", rule: failure.detail || failure.title, fix: "" }];
  return all.map((one) => {
    const text = `${one.path} ${one.value} ${one.rule}`;
    const place = /([\w./-]+\.m?[jt]s):(\d+)/.exec(text);
    const row = place?.[2] ?? /\bline (\d+)/i.exec(text)?.[1];
    return { line: row ? Math.max(0, Number(row) - 1) : 0, module: place ? place[1].replace(/^\.?\//, "") : main, path: one.path, text: one.rule, fix: one.fix };
  });
}
