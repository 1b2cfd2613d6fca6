import { Problem, get, post, put } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { yaml } from "../lib/highlight.js";
import { guardLeaving, link } from "../lib/router.js";
import { complete } from "../lib/schema.js";
import { may } from "../lib/state.js";
import { cursorAt, lineOf, outline } from "../lib/yaml.js";
import { button, card, mark, note } from "../parts/controls.js";
import { dialog } from "../parts/dialog.js";
import { diffView } from "../parts/diffview.js";
import { editor } from "../parts/editor.js";
import { progress } from "../parts/nodes.js";
import { stageOptions } from "./site-rollout.js";

const PAUSE_MILLIS = 350;

let schemas = null;

/** The schema of documents, out of the API's own description; asked for once. */
async function schema() {
  schemas ??= get("/openapi.json").then(({ data }) => ({
    root: data,
    site: data.paths["/sites/{site}"].put.requestBody.content["application/json"].schema,
  }));
  return schemas;
}

/** The document: edited, checked as it is written, compared, stored, followed to the nodes. */
export async function documentTab(visit, site) {
  const { text: stored, etag, headers } = await get(site.path, { accept: "application/yaml", signal: visit.signal });
  const type = headers.get("Content-Type")?.split(";")[0] ?? "application/yaml";
  const base = { text: stored, etag };
  const state = h("span");
  const outcome = h("div");
  const writable = may("sites:write");
  const review = button("Review and apply", () => reviewed(), { kind: "primary", disabled: true });
  const discard = button("Discard", () => {
    edit.setText(base.text);
    changed(base.text);
  }, { disabled: true });
  let timer = 0;
  let round = 0;
  let known = null;
  schema().then((found) => {
    known = found;
  }, () => {});

  const edit = editor({
    label: `Document of ${site.name}`,
    value: stored,
    highlight: yaml,
    readonly: !writable,
    change: changed,
    save: () => review.disabled || reviewed(),
    complete: (text, offset, forced) => offered(known, text, offset, forced),
  });

  function changed(text) {
    clearTimeout(timer);
    const touched = text !== base.text;
    discard.disabled = !touched;
    review.disabled = true;
    fill(state, mark("wait", "checking"));
    timer = setTimeout(() => validate(text, touched), PAUSE_MILLIS);
  }

  async function validate(text, touched) {
    round += 1;
    const own = round;
    try {
      await post(`${site.path}/validate`, { body: text, type, signal: visit.signal });
      if (own === round) {
        edit.mistakes([]);
        review.disabled = !touched || !writable;
        fill(state, touched ? mark("good", "valid, not applied") : mark("good", `version ${site.version}, as stored`));
      }
    } catch (failure) {
      if (own === round && failure instanceof Problem) {
        edit.mistakes(mistakes(text, failure));
        fill(state, mark("bad", failure.errors.length > 0 ? plural(failure.errors.length, "problem") : failure.title));
      }
    }
  }

  function reviewed() {
    const text = edit.text();
    const stage = stageOptions();
    const apply = button("Apply", () => store(text, box, stage.read()), { kind: "primary" });
    const box = dialog("Review the change", h("div.stack", diffView(base.text, text), stage, h("div.row.end", button("Back", () => box.close()), apply)), { wide: true });
    apply.focus();
  }

  async function store(text, box, query) {
    try {
      const answer = await put(site.path, { query, body: text, type, etag: base.etag });
      box.close();
      base.text = text;
      base.etag = answer.etag;
      site.version = Number(answer.headers.get("Verge-Version"));
      changed(edit.text());
      follow(visit, site, outcome, `Version ${site.version} is stored`);
      if (query.groups) {
        outcome.append(note("warn", `Only nodes of ${query.groups} have it so far.`, h("a", { href: link("sites", site.name, "status") }, "Go on, or take it back")));
      }
    } catch (failure) {
      if (failure.status !== 412) {
        throw failure;
      }
      box.close();
      await conflict(text);
    }
  }

  /** Somebody else stored a version meanwhile: theirs and ours side by side, and the choice. */
  async function conflict(text) {
    const theirs = await get(site.path, { accept: "application/yaml" });
    const take = (wanted) => {
      base.text = theirs.text;
      base.etag = theirs.etag;
      edit.setText(wanted);
      changed(wanted);
      box.close();
    };
    const box = dialog("Changed meanwhile", h(
      "div.stack",
      note("warn", `Version ${theirs.headers.get("Verge-Version")} was stored while you were editing. Nothing of yours was applied.`),
      h("h3", "What they changed"),
      diffView(base.text, theirs.text, { label: "Their changes" }),
      h("h3", "What applying yours now would change of theirs"),
      diffView(theirs.text, text, { label: "Your changes against theirs" }),
      h("div.row.end", button("Take theirs", () => take(theirs.text)), button("Go on with mine", () => take(text), { kind: "primary" })),
    ), { wide: true });
  }

  guardLeaving(visit, () => (edit.text() === base.text ? null : "The document has changes that are not applied. Leave it?"));
  validate(stored, false);
  visit.onLeave(() => clearTimeout(timer));
  return h(
    "div.stack",
    outcome,
    card(null, h("div.head.inner", state, h("div.row", h("span.quiet.small.wide-only", "Ctrl+Space completes"), discard, review)), edit),
    !writable && note("warn", "This token may read only."),
  );
}

/** Shows how far a change has come. */
export function follow(visit, site, place, title) {
  fill(place, card(null, progress(visit, async () => (await get(`${site.path}/status`, { signal: visit.signal })).data, {
    title,
    word: "in force",
    finished: (status, good) => !good && place.append(note("bad", "A node refuses this version and goes on with the last good one.", h("a", { href: link("sites", site.name, "history") }, "Roll back"))),
  })));
}


function mistakes(text, failure) {
  if (failure.errors.length === 0) {
    return [{ line: 0, path: "", text: failure.detail || failure.title, fix: "" }];
  }
  return failure.errors.map((one) => {
    const row = /line (\d+)/.exec(`${one.value} ${one.rule}`);
    return { line: row && one.path === "" ? Number(row[1]) - 1 : lineOf(text, one.path), path: one.path, text: one.rule, fix: one.fix };
  });
}

function offered(known, text, offset, forced) {
  const place = known && cursorAt(text, offset);
  if (!place || (!forced && place.prefix === "" && !place.value)) {
    return null;
  }
  const taken = outline(text)
    .filter((line) => line !== null && line.path.length === place.parent.length + 1 && line.path.slice(0, -1).join("\n") === place.parent.join("\n"))
    .map((line) => line.key);
  return { from: offset - place.prefix.length, offers: complete(known.root, known.site, place, place.prefix === "" || !taken.includes(place.prefix) ? taken : []) };
}
