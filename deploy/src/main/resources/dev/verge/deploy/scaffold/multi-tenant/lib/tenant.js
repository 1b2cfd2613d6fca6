const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/**
 * Whose request it is, and which path is meant within the tenant's own.
 *
 * @param {URL} url
 * @returns {{tenant: string | null, path: string}}
 */
export function tenantOf(url) {
  const labels = url.hostname.split(".");
  if (labels.length > 2 && !/^[\d.]+$/.test(url.hostname)) {
    return { tenant: NAME.test(labels[0]) ? labels[0] : null, path: url.pathname };
  }
  const [, first, rest = ""] = /^\/([^/]*)(\/.*)?$/.exec(url.pathname) ?? [];
  return { tenant: NAME.test(first ?? "") ? first : null, path: rest };
}
