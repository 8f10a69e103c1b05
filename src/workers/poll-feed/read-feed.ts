import type { Feed } from '../../shared/model.ts';
import { baseOf, httpUrl, linkOf, linksOf, resolve } from './feed-links.ts';
import { dateOf, defined, find, reader, text, tidy } from './feed-values.ts';
import { authorsOf, readItem, readSitemapUrl } from './read-entry.ts';
import { attr, contentOf } from './xml-content.ts';
import type { XmlDocument, XmlNode } from './xml-tree.ts';

/** Feed and entries as the tolerant reading of the document sees them. `url` is what relative links are resolved against. */
export function readFeed(doc: XmlDocument, url: string | undefined): Feed {
  const { source, head } = doc;
  const kind = kindOf(doc);
  const feed: Feed = { kind, entries: [], warnings: [] };
  if (head) {
    const read = reader(source, head);
    const base = baseOf(head, url);
    const isAtom = kind === 'atom';
    feed.title = text(read('title') ?? read('dc:title') ?? read('media:title'));
    feed.link = linkOf(source, head, base) ?? resolve(attr(head, 'href'), base) ?? httpUrl(tidy(read('id')));
    feed.language =
      tidy(read('language') ?? read('dc:language')) ??
      attr(head, 'xml:lang') ??
      attr(doc.root, 'xml:lang') ??
      attr(head, 'lang');
    feed.description =
      read('description') ??
      read('subtitle') ??
      read('tagline') ??
      read('abstract') ??
      read('dc:description') ??
      read('itunes:summary') ??
      read('itunes:subtitle') ??
      read('info');
    feed.updatedAt = dateOf(source, head, isAtom ? ATOM_FEED_DATES : RSS_FEED_DATES);
    feed.ttlMinutes = ttlOf(read);
    const hubs = linksOf(source, head)
      .filter((l) => l.rel === 'hub')
      .map((l) => resolve(l.href, base))
      .filter((h) => h !== undefined);
    if (hubs.length > 0) feed.hubs = [...new Set(hubs)];
    feed.selfUrl = resolve(linksOf(source, head).find((l) => l.rel === 'self')?.href, base);
    const hours = skipHours(source, head);
    if (hours.length > 0) feed.skipHours = hours;
    const days = skipDays(source, head);
    if (days.length > 0) feed.skipDays = days;
  }
  if (doc.root?.name === 'sitemapindex') {
    feed.sitemaps = doc.entries.flatMap((node) => {
      const loc = resolve(tidy(reader(source, node)('loc')), url);
      return loc ? [{ url: loc, updatedAt: dateOf(source, node, ['lastmod']) }] : [];
    });
    return defined(feed);
  }
  const ofFeed = kind === 'atom' && head ? authorsOf(source, head) : [];
  const readEntry = kind === 'sitemap' ? readSitemapUrl : readItem;
  for (const node of doc.entries) {
    const entry = readEntry(source, node, url);
    if (entry.authors.length === 0) {
      // RFC 4287 §4.2.11: an entry that was taken over brings the authors of the feed it comes from.
      const origin = find(node, 'source');
      const ofOrigin = origin ? authorsOf(source, origin) : [];
      entry.authors = ofOrigin.length > 0 ? ofOrigin : ofFeed;
    }
    feed.entries.push(entry);
  }
  if (kind === 'sitemap') describeSitemap(doc, feed);
  return defined(feed);
}

function kindOf(doc: XmlDocument): Feed['kind'] {
  switch (doc.root?.name ?? doc.first?.name) {
    case 'feed':
    case 'entry':
      return 'atom';
    case 'rdf':
      return 'rdf';
    case 'urlset':
    case 'sitemapindex':
      return 'sitemap';
    default:
      return 'rss';
  }
}

const RSS_FEED_DATES = ['lastbuilddate', 'pubdate', 'updated', 'modified', 'dcterms:modified', 'dc:date'];
const ATOM_FEED_DATES = ['updated', 'modified', 'dcterms:modified', 'published', 'pubdate', 'dc:date'];

/** A news sitemap names its outlet on every URL instead of once. */
function describeSitemap(doc: XmlDocument, feed: Feed): void {
  for (const node of doc.entries) {
    const news = find(node, 'news:news');
    const publication = news && find(news, 'news:publication');
    if (!publication) continue;
    const read = reader(doc.source, publication);
    feed.title ??= text(read('news:name'));
    feed.language ??= tidy(read('news:language'));
    return;
  }
}

const PERIOD_MINUTES: Record<string, number> = {
  hourly: 60,
  daily: 1_440,
  weekly: 10_080,
  monthly: 43_200,
  yearly: 525_600,
};

/** The longer of RSS ttl and the syndication module's period ÷ frequency. */
function ttlOf(read: (name: string) => string | undefined): number | undefined {
  const ttl = Number(read('ttl') ?? Number.NaN);
  const period = PERIOD_MINUTES[(read('sy:updateperiod') ?? '').toLowerCase()];
  const frequency = Math.max(1, Number(read('sy:updatefrequency') ?? 1) || 1);
  const minutes = Math.max(Number.isFinite(ttl) && ttl > 0 ? ttl : 0, period ? period / frequency : 0);
  return minutes > 0 ? Math.round(minutes) : undefined;
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** RSS 2.0: hours 0–23 in GMT; older files count 1–24. */
function skipHours(source: string, head: XmlNode): number[] {
  const values = find(head, 'skiphours')?.children.map((c) => Number(contentOf(source, c))) ?? [];
  return [...new Set(values.filter((h) => Number.isInteger(h) && h >= 0 && h <= 24).map((h) => h % 24))];
}

function skipDays(source: string, head: XmlNode): number[] {
  const values = find(head, 'skipdays')?.children.map((c) => DAYS.indexOf(contentOf(source, c).toLowerCase())) ?? [];
  return [...new Set(values.filter((d) => d >= 0))];
}
