import { post } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { button, field, note, problem } from "../parts/controls.js";
import { logo } from "../parts/shell.js";

/** Exchanges a token for a session. The token leaves the page at once: only the session's cookie is used from then on. */
export function signInPage(reason, entered) {
  const token = h("input.input.mono", { type: "password", autocomplete: "off", spellcheck: "false", required: true, placeholder: "vrg_…", name: "verge-token" });
  const place = field("Token", token, { hint: "The operator's first token is in the control plane's admin-token file." });
  const wrong = h("div", reason && note("warn", reason));
  const send = button("Sign in", null, { kind: "primary block", type: "submit" });

  async function signIn(event) {
    event.preventDefault();
    const value = token.value.trim();
    token.value = "";
    place.say(value === "" ? "Paste a token" : null);
    if (value === "" || send.getAttribute("aria-busy") === "true") {
      token.focus();
      return;
    }
    send.setAttribute("aria-busy", "true");
    try {
      const { data } = await post("/session", { token: value });
      entered(data);
    } catch (failure) {
      if (failure.status === 401) {
        fill(wrong);
        place.say("No such token; it may have expired or been revoked");
      } else {
        fill(wrong, problem(failure));
      }
      token.focus();
    } finally {
      send.removeAttribute("aria-busy");
    }
  }

  return h(
    "main.alone",
    h(
      "div.signin",
      h("div.signin-head", logo(), h("h1", "Sign in to Verge"), h("p.quiet", "Sites, functions and the nodes that serve them.")),
      h("form.card.stack", { onsubmit: signIn, novalidate: true }, wrong, place, send),
      h("p.quiet.small.centre-text", "The token is exchanged for a session that scripts cannot read, and is not kept in this browser."),
    ),
  );
}
