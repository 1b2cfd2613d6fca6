// What the console has pages for, and who sees them. The sidebar, the palette and the shortcuts are made from this.

export const NAVIGATION = [
  { title: null, entries: [{ name: "overview", label: "Overview", href: "#/", key: "o" }] },
  {
    title: "Build",
    entries: [
      { name: "sites", label: "Sites", href: "#/sites", key: "s" },
      { name: "functions", label: "Functions", href: "#/functions", key: "f" },
      { name: "origins", label: "Origins", href: "#/origins", key: "r" },
      { name: "kv", label: "Key-value", href: "#/kv", key: "k" },
      { name: "certificates", label: "Certificates", href: "#/certificates", key: "c" },
    ],
  },
  {
    title: "Operate",
    entries: [
      { name: "purge", label: "Purge", href: "#/purge", key: "p" },
      { name: "nodes", label: "Nodes", href: "#/nodes", key: "n", scope: "operator" },
      { name: "audit", label: "Audit", href: "#/audit", key: "a", scope: "admin" },
    ],
  },
  {
    title: "Access",
    entries: [
      { name: "tokens", label: "Tokens", href: "#/tokens", key: "t", scope: "admin" },
      { name: "accounts", label: "Accounts", href: "#/accounts", key: "u", scope: "operator" },
    ],
  },
];
