import { parse } from 'tldts';
import { normalizePath, normalizeQueryPart } from './percent.ts';
import { isTrackingParameter } from './tracking.ts';
import { unwrap } from './unwrap.ts';

/** Redirectors inside redirectors that are followed: newsletters wrap a Google link in a safelink. */
const MAX_WRAPPERS = 5;

/** Host labels that name a rendering of a site, not a site. */
const VARIANT_LABELS = new Set(['www', 'm', 'mobile', 'mobil', 'mobi', 'wap', 'touch', 'amp']);

const SESSION_IN_PATH = /;(?:jsessionid|phpsessid|sessionid|sid|aspsessionid\w*)=[^/?#;]*/gi;
/** ASP.NET's cookieless session: `/(S(lit3py55t21z5v55vlm25s55))/page.aspx`. */
const COOKIELESS_SESSION = /\/(?:\([ASFX]\([\w-]+\)\)|\((?:[ASFX]\([\w-]+\))+\))(?=\/)/g;
const INDEX_FILE = /\/(?:index|default)\.(?:html?|xhtml|shtml|php\d?|phtml|aspx?|jspx?|cfm|cgi|pl|do)$/i;
const AMP_SEGMENT = /\/(?:amp|amphtml)(?=\/|$)|\/amp\.html?$/g;
const AMP_SUFFIX = /\.amp(?=(?:\.html?|\.php|\.aspx?)?$)/;
/** A trailing `/print`, unless it is the whole path: that is the section of a newspaper's printed edition. */
const PRINT_SEGMENT = /(\/[^/]+)\/print$/;

/**
 * The identity key of a page: two URLs with one key are one article. https, lower-case host without `www.`, `m.` or `amp.`, AMP caches and
 * redirectors unwrapped, tracking and session parameters gone, the others sorted, percent-encoding and NFC settled, no fragment, index
 * file or trailing slash. It is a key, not an address: fetch the URL as it was given. Idempotent.
 * @returns undefined when `url`, resolved against `base`, is not an http(s) URL.
 */
export function canonicalizeUrl(url: string, base?: string): string | undefined {
  const text = url.trim().replace(/&(?:amp|#0*38|#x26);/gi, '&');
  if (!URL.canParse(text, base)) return undefined;
  let page = new URL(text, base);
  for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
    const target = unwrap(page);
    if (target === undefined) break;
    page = target;
  }
  if (page.protocol !== 'https:' && page.protocol !== 'http:') return undefined;

  const host = page.hostname.replace(/\.+$/, '');
  if (host === '') return undefined;
  const { domain, domainWithoutSuffix, isIp, subdomain } = parse(host, { allowPrivateDomains: true });
  const site = isIp || !domain || !subdomain ? host : [...siteLabels(subdomain), domain].join('.');
  const port = page.port === '' || page.port === '80' || page.port === '443' ? '' : `:${page.port}`;
  return `https://${site}${port}${keyPath(page.pathname)}${keyQuery(page.search, domainWithoutSuffix ?? undefined)}${keyFragment(page)}`;
}

function siteLabels(subdomain: string): string[] {
  return subdomain.split('.').filter((label) => !VARIANT_LABELS.has(label));
}

function keyPath(pathname: string): string {
  const path = normalizePath(pathname)
    .replace(SESSION_IN_PATH, '')
    .replace(COOKIELESS_SESSION, '')
    .replace(/(?<!:)\/{2,}/g, '/')
    .replace(AMP_SEGMENT, '')
    .replace(AMP_SUFFIX, '')
    .replace(/\/+$/, '')
    .replace(INDEX_FILE, '')
    .replace(PRINT_SEGMENT, '$1')
    .replace(/\/+$/, '');
  return path === '' ? '/' : path;
}

function keyQuery(search: string, site: string | undefined): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && pair !== '=')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = normalizeQueryPart(equals < 0 ? pair : pair.slice(0, equals)).replace(/^amp;/i, '');
      const value = equals < 0 ? '' : normalizeQueryPart(pair.slice(equals + 1));
      return { name, value, text: equals < 0 ? name : `${name}=${value}` };
    })
    .filter(({ name, value }) => !isTrackingParameter(name, value, site))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return kept.length === 0 ? '' : `?${kept.map(({ text }) => text).join('&')}`;
}

/** Fragments are places on a page, except where a script makes them the page's path: `#!/story/5`, or `#/story/5` on the home page. */
function keyFragment({ hash, pathname }: URL): string {
  const isPath = /^#!\/[^/]/.test(hash) || (pathname === '/' && /^#\/[^/]/.test(hash));
  return isPath ? `#${normalizePath(hash.slice(1))}` : '';
}
