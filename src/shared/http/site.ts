import { getDomain } from 'tldts';
import { bareHost } from './address.ts';

/**
 * Whose patience a request spends: the registrable domain (`news.example.co.uk` → `example.co.uk`; blogs on a shared
 * host count as their own), or host:port where there is none (addresses, localhost, bare names).
 */
export function siteOf(url: URL): string {
  const domain = getDomain(url.hostname, { allowPrivateDomains: true });
  return domain ?? `${bareHost(url.hostname)}:${portOf(url)}`;
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
