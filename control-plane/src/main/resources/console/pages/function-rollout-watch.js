import { post } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { may } from "../lib/state.js";
import { button, card, checkbox, facts, field, input, mark, note, select, when } from "../parts/controls.js";

const STATES = { staged: "wait", watching: "wait", done: "good", aborted: "off", "rolled-back": "bad", superseded: "off" };
const ACTIVE = new Set(["staged", "watching"]);

/** What a deployment may be told beside its shares: who gets it first, and when it is taken back. `read` gives it as the API wants it. */
export function rolloutOptions() {
  const watch = checkbox("Take it back by itself when the new version fails", { checked: true });
  const rate = input({ value: "5", inputmode: "decimal" });
  const time = select([["30s", "30 seconds"], ["2m", "2 minutes"], ["10m", "10 minutes"]], "30s");
  const groups = input({ placeholder: "all nodes at once", class: "mono" });
  const rateField = field("More than so many % of its runs", rate);
  const element = h(
    "details",
    h("summary", "Safety"),
    h("div.stack.padded", watch, h("div.form-row", rateField, field("Within the last", time), field("First only at nodes of these groups", groups, { hint: "Several with commas between them; at the others when you say so" }))),
  );
  element.read = () => {
    const share = Number(rate.value.replace(",", ".")) / 100;
    rateField.say(watch.box.checked && !(share > 0 && share <= 1) ? "A number above 0, 100 at most" : null);
    if (watch.box.checked && !(share > 0 && share <= 1)) {
      element.open = true;
      return null;
    }
    const names = groups.value.split(",").map((name) => name.trim()).filter(Boolean);
    return {
      ...(watch.box.checked ? { rollbackOn: { errorRate: share, window: time.value } } : {}),
      ...(names.length > 0 ? { groups: names, pause: "manual" } : {}),
    };
  };
  return element;
}

/** The deployment that is staged or watched, or was last, with what can be done about it. */
export function rolloutState(visit, one, changed) {
  const element = h("div");
  const draw = () => fill(element, one.state.rollout && shown(one.state.rollout));

  function shown(rollout) {
    const shares = (list) => list.map((share) => `version ${share.version} at ${share.percent} %`).join(", ") || "nothing";
    const order = (what) => post(`${one.path}/rollout/${what}`).then(changed);
    return card(
      "Rollout",
      facts([
        ["State", mark(STATES[rollout.state] ?? "", rollout.state)],
        ["Traffic now", shares(rollout.versions)],
        ["Traffic before", shares(rollout.before)],
        rollout.groups.length > 0 && ["First at", rollout.groups.join(", ")],
        rollout.continueAt && ["Goes everywhere", when(rollout.continueAt)],
        rollout.rollbackOn && ["Taken back if", `more than ${(100 * rollout.rollbackOn.errorRate).toFixed(2).replace(/\.?0+$/, "")} % of the runs fail within ${rollout.rollbackOn.window}`],
        ["Begun", when(rollout.startedAt)],
        rollout.endedAt && ["Ended", when(rollout.endedAt)],
      ]),
      rollout.reason && note("bad", rollout.reason),
      ACTIVE.has(rollout.state) && may("functions:write") && h("div.row.end", button("Take it back", () => order("abort")), rollout.state === "staged" && button("Go on to all nodes", () => order("continue"), { kind: "primary" })),
    );
  }

  if ("rollout" in one.state) {
    visit.every(3000, async () => {
      if (ACTIVE.has(one.state.rollout?.state)) {
        await one.refresh().catch(() => {});
        draw();
      }
    });
  }
  element.draw = draw;
  draw();
  return element;
}
