// What holds for the whole page: who is signed in, for which account calls are, which theme. Nothing of it is secret.

import { actFor } from "./api.js";

export const state = { me: null, account: null };

const SCOPES = ["read", "sites:write", "functions:write", "purge", "kv:write"];

/** Whether there may be a session: its cookie cannot be read, so a mark beside it spares a call that must fail. */
export function maySignedIn() {
  return localStorage.getItem("verge-session") === "open";
}

/** Keeps who is signed in; null signs out. */
export function signedIn(me) {
  if (me) {
    localStorage.setItem("verge-session", "open");
  } else {
    localStorage.removeItem("verge-session");
  }
  state.me = me;
  state.account = me ? me.account : null;
  actFor(null);
}

/** Acts for another account; operators only. */
export function switchAccount(name) {
  state.account = name;
  actFor(name === state.me.account ? null : name);
}

export function operator() {
  return state.me?.scopes.includes("operator") ?? false;
}

/** Whether the session may do what needs a scope. The control plane checks it again; this only spares vain attempts. */
export function may(scope) {
  const own = state.me?.scopes ?? [];
  if (own.includes("operator")) {
    return true;
  }
  if (scope === "operator") {
    return false;
  }
  return own.includes("admin") || own.includes(scope) || (scope === "read" && own.some((one) => SCOPES.includes(one)));
}

export function theme() {
  return document.documentElement.dataset.theme ?? "system";
}

export function setTheme(name) {
  if (name === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem("verge-theme");
  } else {
    document.documentElement.dataset.theme = name;
    localStorage.setItem("verge-theme", name);
  }
}
