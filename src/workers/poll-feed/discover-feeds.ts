import { load } from 'cheerio';
import type { ChildNode, Element } from 'domhandler';
import { sameSite } from '../../shared/url/index.ts';
import { plainText } from './html-text.ts';

export interface FeedCandidate {
  url: string;
  title?: string;
  /** Where it was found: declared by the page, linked from its text, named in robots.txt, or only a usual place. */
  source: 'link' | 'anchor' | 'robots' | 'path';
}

const FEED_TYPES =
  /^(?:application\/(?:rss|atom|rdf|x-rss|x-atom|feed)\+(?:xml|json)|application\/feed\+json|text\/rss(?:\+xml)?|application\/rss)$/;
/** Types that are also used for other things: believed when the address agrees. */
const XML_TYPES = /^(?:text|application)\/(?:xml|json)$/;
const FEED_ADDRESS = /(?:^|[/._?=&-])(?:rss\d?|feeds?|atom|rdf|xml|syndication)(?:$|[/._?=&-])/i;
const FEED_WORDS = /(?:^|[^\p{L}])(?:rss|atom|feeds?|خلاصات?|خدمة rss|flux rss)(?:$|[^\p{L}])/iu;
/** Feeds that are not the news: comments, podcasts' hosts' forms, oEmbed. */
const NOT_NEWS = /comments?|commentaires|تعليق|replies|oembed|wp-json|xmlrpc|opensearch/i;
const FEED_FILE = /\.(?:xml|rss|rdf|json)$/i;
const MAX_CANDIDATES = 50;
const MAX_LINK_TEXT = 200;

/** Where publishing systems put their feed: WordPress, Drupal, Hugo, Jekyll, Ghost, Joomla, Blogger, .NET newsrooms. */
const USUAL_PATHS = [
  'feed',
  'rss',
  'rss.xml',
  'feed.xml',
  'atom.xml',
  'index.xml',
  'feeds',
  'rss/all',
  'index.php?format=feed&type=rss',
  'feeds/posts/default',
  'rss.aspx',
  'feed.json',
];

/**
 * Feeds a page offers, best first: `<link rel=alternate>` in its order (feeds of comments last), then links in the text whose address or
 * words say feed. Only http(s); each once. `html` is the page at `pageUrl`.
 */
export function discoverFeedLinks(html: string, pageUrl: string): FeedCandidate[] {
  // htmlparser2's tree: a sixth of the time of a browser's, and a page's links survive either.
  const $ = load(html, { xml: { xmlMode: false } });
  const base = absolute($('base[href]').first().attr('href') ?? '', pageUrl) ?? pageUrl;
  const links: FeedCandidate[] = [];
  for (const { attribs } of $('link[href]').toArray()) {
    const rel = (attribs.rel ?? '').toLowerCase().split(/\s+/);
    const type = (attribs.type ?? '').toLowerCase().split(';')[0]?.trim() ?? '';
    const isFeed = FEED_TYPES.test(type) || (XML_TYPES.test(type) && FEED_ADDRESS.test(attribs.href ?? ''));
    if (!((rel.includes('alternate') && isFeed) || rel.includes('feed'))) continue;
    const url = absolute(attribs.href ?? '', base);
    if (url && links.length < MAX_CANDIDATES) links.push({ url, ...titled(attribs.title), source: 'link' });
  }
  const anchors: FeedCandidate[] = [];
  for (const anchor of $('a[href]').toArray()) {
    const url = absolute(anchor.attribs.href ?? '', base);
    if (!url || !sameSite(url, pageUrl)) continue;
    const { pathname, search } = new URL(url);
    const text = `${anchor.attribs.title ?? ''} ${linkText(anchor)}`;
    // A word alone leads to a page about feeds; an address alone is often enough.
    if (!FEED_ADDRESS.test(pathname + search) && !(FEED_WORDS.test(text) && FEED_FILE.test(pathname))) continue;
    anchors.push({ url, ...titled(text), source: 'anchor' });
    if (anchors.length >= MAX_CANDIDATES) break;
  }
  const isNews = (c: FeedCandidate) => !NOT_NEWS.test(`${c.url} ${c.title ?? ''}`);
  return once([...links.filter(isNews), ...anchors.filter(isNews), ...links.filter((c) => !isNews(c))]);
}

/** What a link shows: its text and the alternative texts of its images. Bounded, and without recursion: pages nest at will. */
function linkText(anchor: Element): string {
  let text = '';
  const rest: ChildNode[] = [...anchor.children].reverse();
  for (let node = rest.pop(); node && text.length < MAX_LINK_TEXT; node = rest.pop()) {
    if (node.type === 'text') text += node.data;
    else if ('children' in node) {
      if (node.type === 'tag' && node.name === 'img') text += ` ${node.attribs.alt ?? ''}`;
      rest.push(...[...node.children].reverse());
    }
  }
  return text;
}

/** Places to try when a page names no feed, most usual first: below the page's own folder (`/ar/`), then at the root. */
export function usualFeedUrls(siteUrl: string): FeedCandidate[] {
  const page = absolute(siteUrl, siteUrl);
  if (!page) return [];
  const { origin, pathname } = new URL(page);
  const folder = pathname.replace(/[^/]*$/, '');
  const section = folder === '/' ? [] : USUAL_PATHS.slice(0, 4).map((path) => `${origin}${folder}${path}`);
  return once(
    [...section, ...USUAL_PATHS.map((path) => `${origin}/${path}`)].map((url) => ({ url, source: 'path' as const })),
  );
}

/** Sitemaps named in robots.txt (sitemaps.org: the line belongs to no group), those of news first. */
export function sitemapsOfRobots(robotsTxt: string, robotsUrl: string): FeedCandidate[] {
  const found: FeedCandidate[] = [];
  for (const [, value = ''] of robotsTxt.slice(0, 512_000).matchAll(/^\s*sitemap\s*:\s*(\S+)/gim)) {
    const url = absolute(value, robotsUrl);
    if (url && found.length < MAX_CANDIDATES) found.push({ url, source: 'robots' });
  }
  const isNews = ({ url }: FeedCandidate) => isNewsAddress(url);
  return once([...found.filter(isNews), ...found.filter((c) => !isNews(c))]);
}

/** Whether a sitemap's address says that it is one of news. */
export function isNewsAddress(url: string): boolean {
  const { pathname } = new URL(url);
  return /news|latest|akhbar/i.test(pathname) || pathname.toUpperCase().includes(ARABIC_NEWS);
}

/** As it stands in a parsed URL, whatever bytes surround it. */
const ARABIC_NEWS = encodeURIComponent('أخبار');

function titled(text: string | undefined): { title?: string } {
  const title = plainText(text ?? '').slice(0, 200);
  return title ? { title } : {};
}

function absolute(href: string, base: string): string | undefined {
  const plain = href
    .trim()
    .replace(/^feed:(?=\/\/|https?:)/i, (_all, at: number) =>
      at === 0 && /^feed:https?:/i.test(href.trim()) ? '' : 'http:',
    );
  if (!URL.canParse(plain, base)) return undefined;
  const url = new URL(plain, base);
  url.hash = '';
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}

function once(candidates: FeedCandidate[]): FeedCandidate[] {
  const byUrl = new Map<string, FeedCandidate>();
  for (const candidate of candidates) if (!byUrl.has(candidate.url)) byUrl.set(candidate.url, candidate);
  return [...byUrl.values()].slice(0, MAX_CANDIDATES);
}
