// The last day of something as one line: what was well, and what was not.

import { h } from "../lib/dom.js";
import { plural } from "../lib/format.js";

export const DAY = 86_400_000;
const WIDTH = 1440;
const LEAST_WIDTH = 4;

/** `outages` are [{state, since, until}], `until` null for what lasts. */
export function strip(name, outages, now = Date.now()) {
  const x = (time) => Math.max(0, (WIDTH * (time - (now - DAY))) / DAY);
  const spans = outages
    .map((outage) => ({ kind: outage.state, from: Date.parse(outage.since), to: outage.until === null ? now : Date.parse(outage.until) }))
    .filter((span) => span.to > now - DAY);
  const minutes = Math.ceil(spans.reduce((sum, span) => sum + span.to - Math.max(span.from, now - DAY), 0) / 60_000);
  const words = spans.length === 0 ? "never out of use" : `out of use ${plural(spans.length, "time")}, ${plural(minutes, "minute")} in all`;
  return h(
    "svg.strip",
    { viewBox: `0 0 ${WIDTH} 10`, preserveAspectRatio: "none", role: "img", "aria-label": `${name}, last 24 hours: ${words}` },
    h("rect.up", { x: 0, y: 0, width: WIDTH, height: 10 }),
    spans.map((span) => h("rect", { class: span.kind, x: Math.min(x(span.from), WIDTH - LEAST_WIDTH), y: 0, width: Math.max(LEAST_WIDTH, x(span.to) - x(span.from)), height: 10 })),
  );
}
