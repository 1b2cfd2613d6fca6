import { h } from "../lib/dom.js";
import { mark } from "./controls.js";

/** Which versions take which part of the traffic. */
export function shares(deployment) {
  if (deployment.length === 0) {
    return mark("off", "no traffic");
  }
  return h(
    "span.shares",
    h("span.share-bar", { "aria-hidden": "true" }, deployment.map((share, index) => h("span", { class: `s${index + 1}`, style: { "flex-grow": String(share.percent) } }))),
    h("span", deployment.map((share) => `version ${share.version}${deployment.length > 1 ? ` ${share.percent} %` : ""}`).join(", ")),
  );
}
