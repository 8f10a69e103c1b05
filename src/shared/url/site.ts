import { parse } from 'tldts';

/**
 * The registrable domain of a URL or host name (`news.bbc.co.uk` → `bbc.co.uk`), by the Public Suffix List with its private section,
 * so that two blogs on one host service are two sites. An IP address or a single-label host is its own site.
 */
export function registrableDomain(urlOrHost: string): string | undefined {
  const { domain, hostname } = parse(urlOrHost, { allowPrivateDomains: true });
  return domain ?? hostname ?? undefined;
}

/** Whether both URLs belong to one registrable domain. False when either has no host. */
export function sameSite(a: string, b: string): boolean {
  const site = registrableDomain(a);
  return site !== undefined && site === registrableDomain(b);
}

/** Whether two pages belong to one registrable domain. Most are on one host, which needs no list of suffixes. */
export function areOnOneSite(a: URL, b: URL): boolean {
  return a.hostname === b.hostname || sameSite(a.hostname, b.hostname);
}
