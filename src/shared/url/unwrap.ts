import { parse } from 'tldts';

/** A service whose URL carries the URL of the page it leads to. */
interface Redirector {
  /** Host, with `.` in front when subdomains count too; or a test on the host. */
  host: string | RegExp;
  path?: RegExp;
  /** The parameters that may hold the target, first match wins. */
  params?: string[];
  /** For services that put the target elsewhere than in a parameter. */
  target?: (url: URL) => string | undefined;
}

/** `host/path?query` after `marker` in the path, as archives and proxies write it, with or without a scheme. */
const afterPath =
  (marker: RegExp) =>
  (url: URL): string | undefined => {
    const found = marker.exec(url.pathname);
    if (found === null) return undefined;
    const rest = url.pathname.slice(found[0].length) + url.search;
    if (rest === '') return undefined;
    const decoded = /^https?%3a/i.test(rest) ? safeDecode(rest) : rest.replace(/^(https?):\/(?!\/)/i, '$1://');
    return /^https?:\/\//i.test(decoded) ? decoded : `https://${decoded}`;
  };

const wholeQuery = (url: URL) => safeDecode(url.search.slice(1));

/** Documented or observed forms. Opaque ones (t.co, apple.news, news.google.com/rss/articles) need the network and stay as they are. */
const REDIRECTORS: Redirector[] = [
  // search engines and their products
  {
    host: /(?:^|\.)google\.[a-z.]{2,6}$/,
    path: /^\/(?:url|imgres|local_url|link)$/,
    params: ['url', 'q', 'imgrefurl', 'u'],
  },
  { host: /^consent\.(?:google|youtube)\.[a-z.]{2,6}$/, params: ['continue'] },
  { host: /^translate\.google\.[a-z.]{2,6}$/, params: ['u'] },
  { host: /(?:^|\.)google\.[a-z.]{2,6}$/, target: (url) => ampTarget(url, /^\/amp\//) },
  { host: '.googleadservices.com', params: ['adurl', 'url'] },
  { host: 'webcache.googleusercontent.com', params: ['q'], target: (url) => googleCacheTarget(url) },
  { host: '.bing.com', path: /^\/ck\/a/, target: (url) => bingTarget(url) },
  { host: '.bing.com', path: /^\/(?:news\/)?apiclick\.aspx$/i, params: ['url'] },
  { host: '.duckduckgo.com', path: /^\/l\//, params: ['uddg'] },
  { host: /(?:^|\.)r?\.?search\.yahoo\.com$/, target: (url) => between(url.pathname, /\/RU=([^/]+)/) },
  { host: /(?:^|\.)yandex\.[a-z.]{2,6}$/, path: /^\/clck\//, params: ['url'] },
  { host: /(?:^|\.)yandex\.[a-z.]{2,6}$/, target: (url) => ampTarget(url, /^\/turbo\//) },
  { host: /^translate\.yandex\.[a-z.]{2,6}$/, params: ['url'] },
  { host: '.translatetheweb.com', params: ['a'] },
  { host: '.baidu.com', path: /^\/(?:safecheck|linksafe)/, params: ['url'] },

  // AMP caches and transcoders
  { host: '.cdn.ampproject.org', target: (url) => ampTarget(url, /^\//) },
  { host: '.bing-amp.com', target: (url) => ampTarget(url, /^\//) },
  { host: '.amp.cloudflare.com', target: (url) => ampTarget(url, /^\//) },
  { host: '.turbopages.org', target: (url) => turboTarget(url) },
  { host: '.translate.goog', target: (url) => translatedTarget(url) },

  // social networks and messengers
  { host: '.facebook.com', path: /^\/(?:l\.php|flx\/warn)/, params: ['u'] },
  { host: '.instagram.com', path: /^\/$/, params: ['u'] },
  { host: '.messenger.com', path: /^\/l\.php/, params: ['u'] },
  { host: 'l.threads.net', params: ['u'] },
  { host: 'l.threads.com', params: ['u'] },
  { host: 'l.wl.co', params: ['u'] },
  { host: 'l.workplace.com', params: ['u'] },
  { host: 'out.reddit.com', params: ['url'] },
  { host: '.linkedin.com', path: /^\/(?:redir\/|safety\/go|slink)/, params: ['url'] },
  { host: '.youtube.com', path: /^\/redirect$/, params: ['q'] },
  { host: /(?:^|\.)vk\.(?:com|ru)$/, path: /^\/away(?:\.php)?$/, params: ['to'] },
  { host: '.ok.ru', path: /^\/dk$/, params: ['st.link'] },
  { host: 't.me', path: /^\/iv$/, params: ['url'] },
  { host: 'telegram.me', path: /^\/iv$/, params: ['url'] },
  { host: '.tumblr.com', path: /^\/redirect$/, params: ['z', 'u'] },
  { host: 't.umblr.com', params: ['z'] },
  { host: '.pinterest.com', path: /^\/offsite\//, params: ['url'] },
  { host: /^(?:www\.)?weibo\.(?:cn|com)$/, path: /^\/sinaurl/, params: ['u', 'toasturl'] },
  { host: 'link.zhihu.com', params: ['target'] },
  { host: 'slack-redir.net', path: /^\/link$/, params: ['url'] },
  { host: '.discord.com', path: /^\/external/, params: ['url'] },
  { host: 'steamcommunity.com', path: /^\/linkfilter/, params: ['url', 'u'] },
  { host: '.medium.com', path: /^\/r\/$/, params: ['url'] },
  {
    host: '.disq.us',
    path: /^\/url$/,
    params: ['url'],
    target: (url) => url.searchParams.get('url')?.replace(/:[\w-]{20,}$/, ''),
  },
  { host: 'exit.sc', params: ['url'] },
  { host: 'l.likee.com', params: ['u'] },

  // mail gateways and office suites
  { host: '.safelinks.protection.outlook.com', params: ['url'] },
  { host: 'statics.teams.cdn.office.net', path: /safelinks/, params: ['url'] },
  { host: /^urldefense(?:\.proofpoint)?\.com$/, path: /^\/v[12]\//, target: (url) => proofpointTarget(url) },
  {
    host: /^urldefense(?:\.proofpoint)?\.com$/,
    path: /^\/v3\//,
    target: (url) => between(url.pathname + url.search, /^\/v3\/__(.+?)__;/),
  },
  { host: 'linkprotect.cudasvc.com', params: ['a'] },
  { host: '.clicktime.symantec.com', params: ['u'] },
  { host: '.protection.sophos.com', params: ['u'], target: (url) => sophosTarget(url) },
  { host: '.fireeye.com', path: /^\/v1\/url/, params: ['u'] },
  { host: 'outgoing.prod.webservices.mozgcp.net', target: afterPath(/^\/v1\/[^/]+\//) },

  // readers, archives, proxies, referrer hiders
  { host: 'getpocket.com', path: /^\/redirect$/, params: ['url'] },
  { host: '.instapaper.com', path: /^\/text$/, params: ['u'] },
  { host: '.flipboard.com', path: /^\/redirect$/, params: ['url'] },
  {
    host: /^(?:web|wayback)\.archive\.org$/,
    target: afterPath(/^\/(?:web\/)?(?:\d{4,14}(?:[a-z]{2}_)?\/|(?=https?:))/),
  },
  {
    host: /^archive\.(?:ph|is|today|li|vn|fo|md)$/,
    target: afterPath(/^\/(?:o\/\w+\/|\d{4,14}\/|newest\/|timegate\/)/),
  },
  { host: '12ft.io', params: ['q'], target: afterPath(/^\/(?=https?:)/) },
  { host: 'outline.com', target: afterPath(/^\/(?=https?:)/) },
  { host: 'r.jina.ai', target: afterPath(/^\/(?=https?:)/) },
  { host: 'via.hypothes.is', target: afterPath(/^\/(?=https?:)/) },
  { host: 'href.li', target: wholeQuery },
  { host: '.anonym.to', target: wholeQuery },
  { host: 'nullrefer.com', target: wholeQuery },
  { host: 'dereferer.org', target: wholeQuery },

  // affiliate networks
  { host: 'go.skimresources.com', params: ['url'] },
  { host: 'go.redirectingat.com', params: ['url'] },
  { host: 'redirect.viglink.com', params: ['u'] },
  { host: 'click.linksynergy.com', params: ['murl', 'RD_PARM1'] },
  { host: '.awin1.com', params: ['ued', 'p'] },
  { host: '.shareasale.com', params: ['urllink'] },
  { host: 'prf.hn', target: (url) => between(url.pathname, /\/destination:(.+)$/) },
];

/** The page `url` leads to when it belongs to a redirector, an AMP cache, a translation proxy or an archive. */
export function unwrap(url: URL): URL | undefined {
  for (const rule of REDIRECTORS) {
    if (!hostMatches(url.hostname, rule.host) || !(rule.path?.test(url.pathname) ?? true)) continue;
    for (const candidate of targets(url, rule)) {
      const target = toWebUrl(candidate);
      if (target !== undefined && target.hostname !== url.hostname) return target;
    }
  }
  return undefined;
}

function* targets(url: URL, rule: Redirector): Generator<string> {
  const special = rule.target?.(url);
  if (special !== undefined) yield special;
  for (const name of rule.params ?? []) {
    const value = url.searchParams.get(name);
    if (value !== null) yield value;
  }
}

/** An absolute http(s) URL on a real host name, also when it was encoded once too often or has no scheme but starts with `www.`. */
function toWebUrl(text: string): URL | undefined {
  const trimmed = text.trim();
  const decoded = /^https?%3a/i.test(trimmed) ? safeDecode(trimmed) : trimmed;
  const absolute = /^www\./i.test(decoded) ? `https://${decoded}` : decoded;
  if (!/^https?:\/\//i.test(absolute) || !URL.canParse(absolute)) return undefined;
  const url = new URL(absolute);
  return url.hostname.includes('.') ? url : undefined;
}

function hostMatches(host: string, pattern: string | RegExp): boolean {
  if (typeof pattern !== 'string') return pattern.test(host);
  return pattern.startsWith('.') ? host === pattern.slice(1) || host.endsWith(pattern) : host === pattern;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function between(text: string, pattern: RegExp): string | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : safeDecode(found);
}

/**
 * AMP Cache URL format: `/c/s/host/path`, with content type `c` (document), `v` (viewer), `a`, `wp` or none (Google's viewer),
 * and `s` for https. Source: AMP documentation, "AMP Cache URL format and request handling".
 */
function ampTarget(url: URL, prefix: RegExp): string | undefined {
  const rest = url.pathname.replace(prefix, '');
  if (rest === url.pathname && prefix.source !== '^\\/') return undefined;
  const found = /^(?:(?:[cvar]|wp|mbv3)\/)?(s\/)?([^/]+\.[^/]+)(\/.*)?$/.exec(rest);
  if (found === null) return undefined;
  return `http${found[1] === undefined ? '' : 's'}://${found[2]}${found[3] ?? '/'}${url.search}`;
}

/** `/turbo/host/s/path` or `/host/s/path`. */
function turboTarget(url: URL): string | undefined {
  const found = /^\/(?:turbo\/)?(?:s\/)?([^/]+\.[^/]+)(?:\/s)?(\/.*)?$/.exec(url.pathname);
  return found === null ? undefined : `https://${found[1]}${found[2] ?? '/'}${url.search}`;
}

/** `www-example-com.translate.goog`: `-` stands for `.`, `--` for `-`. Source: AMP's "curls" sub-domain format, which it shares. */
function translatedTarget(url: URL): string | undefined {
  const label = url.hostname.slice(0, -'.translate.goog'.length);
  if (label === '' || label.includes('.')) return undefined;
  const host = label.replaceAll('--', '\0').replaceAll('-', '.').replaceAll('\0', '-');
  const target = `https://${host}${url.pathname}${url.search}`;
  if (!URL.canParse(target)) return undefined;
  const clean = new URL(target);
  for (const name of [...clean.searchParams.keys()]) if (name.startsWith('_x_tr_')) clean.searchParams.delete(name);
  return parse(clean.hostname).domain === null ? undefined : clean.href;
}

/** `q=cache:ID:example.com/a words` */
function googleCacheTarget(url: URL): string | undefined {
  const found = /^cache:(?:[\w-]+:)?(?:https?:\/\/)?([^\s]+\.[^\s]+)/.exec(url.searchParams.get('q') ?? '');
  return found === null ? undefined : `https://${found[1]}`;
}

/** `u=a1` and the target in base64url. */
function bingTarget(url: URL): string | undefined {
  const value = url.searchParams.get('u');
  return value?.startsWith('a1') ? Buffer.from(value.slice(2), 'base64url').toString('utf8') : undefined;
}

/** v1 percent-encodes; v2 writes `-` for `%` and `_` for `/`. Source: Proofpoint, "URL Defense decoder". */
function proofpointTarget(url: URL): string | undefined {
  const value = url.searchParams.get('u');
  if (value === null) return undefined;
  return url.pathname.startsWith('/v2/') ? safeDecode(value.replaceAll('-', '%').replaceAll('_', '/')) : value;
}

/** `u=` in base64. */
function sophosTarget(url: URL): string | undefined {
  const value = url.searchParams.get('u');
  return value === null ? undefined : Buffer.from(value, 'base64').toString('utf8');
}
