// Lines over time, drawn as SVG and styled by the style sheet, so that themes and zoom hold.

import { fill, h } from "../lib/dom.js";
import { clock } from "../lib/format.js";

const FIRST_WIDTH = 600;
const HEIGHT = 150;
const LEFT = 46;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 20;
const MARKS = 3;

/** Round numbers from 0 to at least `most`: of a unit's thousands where `unit` is 1024, no halves where they are `whole`. */
export function ticks(most, { unit = 1000, whole = false } = {}) {
  if (!(most > 0)) {
    return [0, 1];
  }
  const rough = Math.max(most / MARKS, whole ? 1 : 0);
  const scale = unit ** Math.floor(Math.log(rough) / Math.log(unit));
  const power = scale * 10 ** Math.floor(Math.log10(rough / scale));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough && (!whole || Number.isInteger(size)));
  const all = [];
  for (let value = 0; value < most + step * 0.999; value += step) {
    all.push(Number(value.toPrecision(12)));
  }
  return all;
}

/**
 * A chart. `series` are [{name, kind, values}], one value (or null) for each of `times` (milliseconds since 1970); `write` writes a value; `highest` is
 * where a scale ends that has an end, `unit` and `whole` say how it is marked.
 */
export function chart(title, write, { highest = null, ...scale } = {}) {
  const svg = h("svg.chart", { role: "img" });
  const legend = h("div.legend");
  const element = h("figure.plot", h("figcaption", h("span.plot-title", title), legend), svg);
  let shown = { times: [], series: [] };
  let hover = null;
  let width = FIRST_WIDTH;

  function draw() {
    const { times, series } = shown;
    width = svg.clientWidth || width;
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const most = highest ?? Math.max(0, ...series.flatMap((one) => one.values.filter((value) => value !== null)));
    const marks = ticks(most, scale);
    const top = Math.max(marks.at(-1), highest ?? 0);
    const x = (index) => LEFT + (times.length < 2 ? 0 : ((width - LEFT - RIGHT) * index) / (times.length - 1));
    const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    const at = hover ?? times.length - 1;
    svg.setAttribute("aria-label", `${title}: ${series.map((one) => `${one.name} ${write(one.values.at(-1) ?? null)}`).join(", ")}`);
    fill(
      svg,
      marks.map((value) => [
        h("line.grid", { x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
        h("text.tick", { x: LEFT - 6, y: y(value) + 3.5, "text-anchor": "end" }, write(value)),
      ]),
      times.length > 1 && [0, Math.floor((times.length - 1) / 2), times.length - 1].map((index, i) =>
        h("text.tick", { x: x(index), y: HEIGHT - 5, "text-anchor": ["start", "middle", "end"][i] }, clock(times[index])),
      ),
      series.map((one) => [
        one.filled && h("path.filled", { class: one.kind, d: area(one.values, x, y) }),
        h("path.line", { class: one.kind, d: path(one.values, x, y) }),
      ]),
      hover !== null && h("line.cursor", { x1: x(at), x2: x(at), y1: TOP, y2: HEIGHT - BOTTOM }),
    );
    fill(
      legend,
      series.map((one) => h("span.key", { class: one.kind }, h("span.swatch", { "aria-hidden": "true" }), `${one.name} `, h("b", write(one.values[at] ?? null)))),
      hover !== null && h("span.quiet", clock(times[at])),
    );
  }

  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width) * width;
    const index = Math.round(((share - LEFT) / (width - LEFT - RIGHT)) * (shown.times.length - 1));
    hover = index >= 0 && index < shown.times.length ? index : null;
    draw();
  });
  svg.addEventListener("pointerleave", () => {
    hover = null;
    draw();
  });
  element.show = (times, series) => {
    shown = { times, series };
    draw();
  };
  // Its width is known only once it is in the page, and changes with the window.
  new ResizeObserver(draw).observe(svg);
  draw();
  return element;
}

/** Neighbouring values that are known: [[[index, value], …], …]. */
function stretches(values) {
  const all = [];
  values.forEach((value, index) => {
    if (value === null) {
      return;
    }
    if (index === 0 || values[index - 1] === null) {
      all.push([]);
    }
    all.at(-1).push([index, value]);
  });
  return all;
}

function points(stretch, x, y) {
  return stretch.map(([index, value]) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join("L");
}

function path(values, x, y) {
  return stretches(values).map((stretch) => `M${points(stretch, x, y)}`).join("");
}

function area(values, x, y) {
  const ground = y(0);
  return stretches(values)
    .map((stretch) => `M${x(stretch[0][0]).toFixed(1)} ${ground}L${points(stretch, x, y)}L${x(stretch.at(-1)[0]).toFixed(1)} ${ground}Z`)
    .join("");
}
