// The console's start: signs in, then shows the page that the address names.

import { Problem, get, onSignedOut } from "./lib/api.js";
import { announce, fill, h } from "./lib/dom.js";
import { Visit, go, here, leavingQuestion, pattern } from "./lib/router.js";
import { maySignedIn, operator, signedIn, state } from "./lib/state.js";
import { empty, linkButton, problem } from "./parts/controls.js";
import { shell } from "./parts/shell.js";
import { listenForShortcuts } from "./parts/shortcuts.js";
import { PAGES } from "./pages/index.js";
import { signInPage } from "./pages/signin.js";

const root = document.getElementById("app");
const routes = PAGES.map((page) => ({ ...page, match: pattern(page.path) }));
let visit = null;
let frame = null;
let shownAddress = null;

function find(path) {
  for (const route of routes) {
    const parameters = route.match(path);
    if (parameters !== null && (!route.operator || operator())) {
      return { route, parameters };
    }
  }
  return null;
}

async function show() {
  if (state.me === null) {
    return;
  }
  const question = shownAddress !== null && shownAddress !== location.hash ? leavingQuestion() : null;
  if (question !== null && !window.confirm(question)) {
    history.replaceState(null, "", shownAddress);
    return;
  }
  shownAddress = location.hash;
  visit?.end();
  const { path, query } = here();
  const found = find(path);
  visit = new Visit(found?.parameters ?? {}, query);
  frame.current(found?.route.group ?? null);
  const main = frame.main;
  if (found === null) {
    fill(main, h("h1", { tabindex: "-1" }, "Not here"), empty("There is no such page", "It may be an operator's, or the address is mistyped.", linkButton("Overview", "#/")));
  } else {
    fill(main);
    try {
      const current = visit;
      const content = await found.route.page(visit);
      if (current.over) {
        return;
      }
      fill(main, content);
    } catch (failure) {
      fill(main, h("h1", { tabindex: "-1" }, "That did not work"), problem(failure));
    }
  }
  const heading = main.querySelector("h1");
  document.title = `${heading?.textContent ?? "Verge"} · Verge`;
  scrollTo(0, 0);
  heading?.focus({ preventScroll: true });
  announce(heading?.textContent ?? "");
}

function signedOutPage(reason = null) {
  visit?.end();
  visit = null;
  frame = null;
  shownAddress = null;
  signedIn(null);
  document.title = "Sign in · Verge";
  fill(root, signInPage(reason, enter));
  root.querySelector("input")?.focus();
}

function enter(me) {
  signedIn(me);
  frame = shell({ reload: show, signedOut: () => signedOutPage() });
  fill(root, frame.element);
  if (location.hash === "") {
    history.replaceState(null, "", "#/");
  }
  show();
}

async function start() {
  if (!maySignedIn()) {
    signedOutPage();
    return;
  }
  try {
    const { data } = await get("/whoami");
    enter(data);
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 401) {
      signedOutPage();
    } else {
      fill(root, h("main.alone", h("h1", "Verge"), problem(failure), h("button.button", { onclick: () => location.reload() }, "Try again")));
    }
  }
}

onSignedOut(() => {
  if (state.me !== null) {
    signedOutPage("The session is over. Sign in again to go on.");
  }
});
addEventListener("hashchange", show);
listenForShortcuts({ signedIn: () => state.me !== null, go });
start();
