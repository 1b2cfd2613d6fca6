// Every page with its address; `group` is the entry of the navigation that it belongs to.

import { accountsPage } from "./accounts.js";
import { auditPage } from "./audit.js";
import { certificatesPage } from "./certificates.js";
import { functionPage } from "./function.js";
import { functionsPage } from "./functions.js";
import { kvPage } from "./kv.js";
import { nodesPage } from "./nodes.js";
import { originsPage } from "./origins.js";
import { overviewPage } from "./overview.js";
import { purgePage } from "./purge.js";
import { sitePage } from "./site.js";
import { sitesPage } from "./sites.js";
import { tokensPage } from "./tokens.js";

export const PAGES = [
  { path: "/", group: "overview", page: overviewPage },
  { path: "/sites", group: "sites", page: sitesPage },
  { path: "/sites/:site/:tab?", group: "sites", page: sitePage },
  { path: "/functions", group: "functions", page: functionsPage },
  { path: "/functions/:function/:tab?", group: "functions", page: functionPage },
  { path: "/origins", group: "origins", page: originsPage },
  { path: "/purge", group: "purge", page: purgePage },
  { path: "/kv/:namespace?", group: "kv", page: kvPage },
  { path: "/certificates", group: "certificates", page: certificatesPage },
  { path: "/tokens", group: "tokens", page: tokensPage },
  { path: "/audit", group: "audit", page: auditPage },
  { path: "/nodes", group: "nodes", page: nodesPage, operator: true },
  { path: "/accounts", group: "accounts", page: accountsPage, operator: true },
];
