import { all, get, post } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { millis, number, percent } from "../lib/format.js";
import { may } from "../lib/state.js";
import { follow } from "../lib/stream.js";
import { button, by, card, empty, field, mark, section, select, when } from "../parts/controls.js";
import { dialog } from "../parts/dialog.js";
import { diffView } from "../parts/diffview.js";
import { progress } from "../parts/nodes.js";
import { table } from "../parts/table.js";
import { rolloutOptions, rolloutState } from "./function-rollout-watch.js";

const WINDOW_SECONDS = 120;

/** Versions, and which of them take which part of the traffic. */
export async function rolloutTab(visit, one) {
  const outcome = h("div");
  const holder = h("div");
  let versions = [];

  const watched = rolloutState(visit, one, async () => {
    await one.refresh();
    await list.load();
  });

  async function deploy(shares, what, more = {}) {
    await post(`${one.path}/deployments`, { json: { versions: shares, ...more } });
    await one.refresh();
    fill(outcome, card(null, progress(visit, async () => (await get(`${one.path}/status`, { signal: visit.signal })).data, { title: what, word: "live" })));
    await list.load();
  }

  const list = section(visit, async () => {
    versions = await all(`${one.path}/versions`, { signal: visit.signal });
    watched.draw();
    fill(holder, rollout(visit, one, versions, deploy));
    const share = (version) => one.state.deployment.find((entry) => entry.version === version)?.percent ?? 0;
    return table("Versions", [
      { label: "Version", cell: (version) => [h("span.strong", version.version), version.rolledBack && h("p.reason", mark("bad", "taken back"), " ", version.rolledBack)] },
      { label: "Traffic", cell: (version) => (share(version.version) > 0 ? mark("good", `${share(version.version)} %`) : h("span.quiet", "none")) },
      { label: "Pushed", cell: (version) => when(version.createdAt) },
      { label: "By", cell: (version) => by(version.createdBy) },
      { label: "SHA-256", quiet: true, cell: (version) => h("code", version.sha256.slice(0, 12)) },
      { label: "", align: "number", cell: (version) => actions(version.version, share(version.version)) },
    ], versions);
  });

  function actions(version, share) {
    return h(
      "span.row.end",
      version !== one.state.version && button("Compare", () => compare(version), { kind: "small" }),
      may("functions:write") && share !== 100 && button("All traffic", () => deploy([{ version, percent: 100 }], `Version ${version} takes all traffic`), { kind: "small" }),
    );
  }

  async function compare(version) {
    const [then, now] = await Promise.all([version, one.state.version].map(async (number) => (await get(`${one.path}/versions/${number}/source`, { signal: visit.signal })).data.modules));
    const names = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
    dialog(`From version ${version} to version ${one.state.version}`, h("div.stack", names.map((name) => [h("h3.mono", name), diffView(then[name] ?? "", now[name] ?? "")])), { wide: true });
  }

  return h("div.stack", outcome, watched, holder, card("Versions", list));
}

/** Two versions side by side with a slider between them, and how each does right now. */
function rollout(visit, one, versions, deploy) {
  if (versions.length < 2) {
    return card("Gradual rollout", empty("One version so far", "Push another one without giving it all traffic, then move traffic over bit by bit."));
  }
  const deployed = one.state.deployment;
  const stable = deployed.toSorted((a, b) => b.percent - a.percent)[0]?.version ?? versions.at(-1).version;
  const other = deployed.find((share) => share.version !== stable)?.version ?? versions.find((version) => version.version !== stable).version;
  const choices = versions.map((version) => [String(version.version), `Version ${version.version}`]);
  const left = select(choices, String(stable), draw);
  const right = select(choices, String(other), draw);
  const slider = h("input.slider", { type: "range", min: 0, max: 100, step: 1, value: String(deployed.find((share) => share.version === other)?.percent ?? 0), oninput: draw });
  const share = field("Part of the traffic", slider);
  const say = h("output.split");
  const send = button("Apply", () => {
    const shares = [{ version: Number(left.value), percent: 100 - Number(slider.value) }, { version: Number(right.value), percent: Number(slider.value) }].filter((entry) => entry.percent > 0);
    const more = options === null ? {} : options.read();
    return more === null ? null : deploy(shares, "New split of the traffic", more);
  }, { kind: "primary" });
  const figures = [h("div.facts-live"), h("div.facts-live")];
  const options = "rollout" in one.state ? rolloutOptions() : null;
  const seen = [];

  function draw() {
    const part = Number(slider.value);
    slider.setAttribute("aria-valuetext", `version ${right.value} gets ${part} percent`);
    fill(say, h("span.s1", `Version ${left.value}: ${100 - part} %`), h("span.s2", `Version ${right.value}: ${part} %`));
    send.disabled = left.value === right.value || !may("functions:write");
    drawFigures();
  }

  function drawFigures() {
    const since = Date.now() - WINDOW_SECONDS * 1000;
    while (seen.length > 0 && seen[0].at < since) {
      seen.shift();
    }
    [left, right].forEach((choice, index) => {
      const mine = seen.filter((entry) => entry.version === Number(choice.value));
      const runs = mine.reduce((sum, entry) => sum + entry.runs, 0);
      const errors = mine.reduce((sum, entry) => sum + entry.errors, 0);
      const slowest = mine.reduce((most, entry) => Math.max(most, entry.p99), 0);
      fill(
        figures[index],
        runs === 0
          ? h("p.quiet", "No runs in the last two minutes.")
          : h("div.figures", figure("Runs", number(runs)), figure("Error rate", percent(errors, runs), errors > 0 ? "bad" : ""), figure("p99", millis(slowest))),
      );
    });
  }

  visit.onLeave(follow("/traffic", { function: one.name }, {
    traffic: (data) => {
      for (const entry of data.functions ?? []) {
        if (entry.function === one.name) {
          seen.push({ at: Date.now(), version: entry.version, runs: entry.runs, errors: entry.errors, p99: entry.p99Millis });
        }
      }
      drawFigures();
    },
  }, () => {}));
  draw();
  return card(
    "Gradual rollout",
    h("div.versus", h("div", field("From", left), figures[0]), h("div", field("To", right), figures[1])),
    share,
    say,
    options,
    h("div.row.end", [5, 25, 50, 100].map((part) => button(`${part} %`, () => {
      slider.value = String(part);
      draw();
    }, { kind: "small" })), send),
  );
}

function figure(label, value, kind = "") {
  return h("div.figure", { class: kind }, h("span.figure-label", label), h("span.figure-value", value));
}
