import { parseLooseDate } from '../../shared/dates.ts';
import type { Enclosure, Entry, Feed, GeoPoint } from '../../shared/model.ts';
import { escapeHtml, plainText } from './html-text.ts';
import { attr, contentOf, isXhtml, type XmlDocument, type XmlNode } from './xml-tree.ts';

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

// --- entries ---------------------------------------------------------------------------------------------------------

/** Best first. dc:date and friends say no more than "a date", so they come after the explicit ones. */
const PUBLISHED = [
  'pubdate',
  'published',
  'issued',
  'dcterms:issued',
  'dcterms:available',
  'dc:date',
  'date',
  'dcterms:created',
  'created',
  'dc:created',
  'prism:publicationdate',
];
const UPDATED = ['updated', 'modified', 'dcterms:modified', 'dc:modified', 'lastbuilddate'];
const RSS_FEED_DATES = ['lastbuilddate', 'pubdate', 'updated', 'modified', 'dcterms:modified', 'dc:date'];
const ATOM_FEED_DATES = ['updated', 'modified', 'dcterms:modified', 'published', 'pubdate', 'dc:date'];

function readItem(source: string, node: XmlNode, url: string | undefined): Entry {
  const read = reader(source, node);
  const base = baseOf(node, url);
  const entry: Entry = { authors: authorsOf(source, node), categories: categoriesOf(source, node), enclosures: [] };
  const guidNode = find(node, 'guid') ?? find(node, 'id');
  entry.guid =
    tidy(guidNode && identity(contentOf(source, guidNode), guidNode, base)) ??
    tidy(read('dc:identifier')) ??
    attr(node, ':about');
  entry.title = text(titleOf(source, node) ?? read('dc:title') ?? read('media:title') ?? read('itunes:title'));
  // What a redirecting feed service keeps of the publisher's own link is the better address.
  entry.link =
    httpUrl(tidy(read('feedburner:origlink'))) ??
    linkOf(source, node, base) ??
    resolve(attr(node, 'href'), base) ??
    resolve(attr(node, ':about'), base);
  if (attr(guidNode, 'ispermalink')?.toLowerCase() !== 'false') entry.link ??= httpUrl(entry.guid);
  const readHtml = reader(source, node, htmlOf);
  const description = readHtml('description');
  const summary = readHtml('summary');
  entry.summary =
    summary ??
    description ??
    readHtml('abstract') ??
    readHtml('dc:description') ??
    readHtml('dcterms:abstract') ??
    htmlOfMedia(source, node) ??
    readHtml('itunes:summary') ??
    readHtml('itunes:subtitle') ??
    readHtml('subtitle');
  // Beside a summary, a description is the longer text.
  entry.contentHtml = contentHtmlOf(source, node, base, entry) ?? (summary && description);
  entry.publishedAt = dateOf(source, node, PUBLISHED);
  entry.updatedAt = dateOf(source, node, UPDATED) ?? isoDate(attr(node, 'lastmod'));
  entry.enclosures = enclosuresOf(source, node, base);
  entry.point = pointOf(source, node);
  entry.comments = commentsOf(source, node);
  const answered = find(node, 'thr:in-reply-to');
  entry.inReplyTo = resolve(attr(answered, 'href'), base) ?? attr(answered, 'ref');
  return defined(entry);
}

/** The title; of real mark-up in it (XHTML, formulas, drawings) only the text. */
function titleOf(source: string, node: XmlNode): string | undefined {
  const title = node.children.find((child) => isNamed(child, 'title') && bodyOf(source, child) !== undefined);
  const value = title && bodyOf(source, title);
  return title?.hasMarkup && isXhtml(title) ? value?.replace(/<[^<>]*>/g, '') : value;
}

/** RFC 4287 §4.2.6 wants an absolute IRI; a path is read against the base like any other reference. */
function identity(id: string, node: XmlNode, base: string | undefined): string | undefined {
  return node.name === 'id' && /^[^:\s]*\/[^:\s]*$/.test(id) ? resolve(id, base) : id;
}

/** The fullest body: content:encoded, Atom content, or an XHTML body. Binary Atom content is an enclosure, not text. */
function contentHtmlOf(source: string, node: XmlNode, base: string | undefined, entry: Entry): string | undefined {
  let best: string | undefined;
  for (const child of node.children) {
    const isContent =
      (child.name === 'encoded' && child.ns !== 'excerpt') ||
      (child.name === 'content' && (child.ns === '' || child.ns === 'atom')) ||
      ((child.ns === 'xhtml' || child.ns === '') && (child.name === 'body' || child.name === 'div')) ||
      (child.name === 'fullitem' && child.ns === '');
    if (!isContent) continue;
    const src = resolve(attr(child, 'src'), base);
    if (src) {
      entry.link ??= src;
      continue;
    }
    const value = htmlOf(source, child);
    if (value && (!best || value.length > best.length)) best = value;
  }
  return best;
}

/** Atom 1.0 §4.1.3.3 and Atom 0.3 mode: base64 bodies are decoded when they hold text. */
function bodyOf(source: string, node: XmlNode): string | undefined {
  const value = contentOf(source, node) || undefined;
  if (!value) return undefined;
  const type = attr(node, 'type')?.toLowerCase() ?? '';
  const isBase64 =
    attr(node, 'mode') === 'base64' || (type.includes('/') && !/^text\/|xml$|html/.test(type) && !node.hasMarkup);
  if (!isBase64 || !/^[A-Za-z0-9+/=\s]+$/.test(value)) return value;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return /[\x00-\x08\ufffd]/.test(decoded) ? undefined : decoded.trim() || undefined;
}

/** What tells HTML from text that merely holds a sign of it: an end tag, an element that has none, a reference. */
const HTML_SIGN = /<\/[a-z][a-z\d]*\s*>|<(?:a|br|div|hr|img|li|p)\b[^<>]*>|&(?:#\d+|#x[\da-f]+|[a-z]{2,8});/i;

/** As HTML: what Atom (RFC 4287 §3.1.1.1) or Media RSS call plain text, and which is not HTML by mistake, is escaped. */
function htmlOf(source: string, node: XmlNode): string | undefined {
  const value = bodyOf(source, node);
  const type = attr(node, 'type')?.toLowerCase() ?? (node.ns === 'atom' ? 'text' : 'html');
  const isText = type === 'text' || type === 'plain' || type === 'text/plain';
  return value && isText && !node.hasMarkup && /[<&]/.test(value) && !HTML_SIGN.test(value) ? escapeHtml(value) : value;
}

/** What Media RSS says of an entry, or of the films and pictures in it (video channels say it nowhere else). */
function htmlOfMedia(source: string, node: XmlNode): string | undefined {
  for (const description of mediaNodes(node, 'description')) {
    const value = htmlOf(source, description);
    if (value) return value;
  }
  return undefined;
}

function readSitemapUrl(source: string, node: XmlNode, url: string | undefined): Entry {
  const read = reader(source, node);
  const loc = resolve(tidy(read('loc')), baseOf(node, url));
  const news = find(node, 'news:news');
  const readNews = news ? reader(source, news) : () => undefined;
  const keywords = (readNews('news:keywords') ?? '').split(/[,،;]/).map((k) => text(k));
  const images = node.children
    .filter((c) => c.ns === 'image' && c.name === 'image')
    .map((image) => resolve(tidy(reader(source, image)('image:loc')), url));
  return defined<Entry>({
    guid: loc,
    link: loc,
    title: text(readNews('news:title')),
    publishedAt: news && dateOf(source, news, ['news:publication_date']),
    updatedAt: dateOf(source, node, ['lastmod']),
    authors: [],
    categories: [...new Set(keywords.filter((k) => k !== undefined))],
    enclosures: images.filter((u) => u !== undefined).map((u) => ({ url: u, type: 'image' })),
  });
}

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

// --- values ----------------------------------------------------------------------------------------------------------

/** First non-empty value of a direct child. `name` carries its prefix; a bare name also finds Atom's. */
function reader(source: string, node: XmlNode, valueIn = bodyOf): (name: string) => string | undefined {
  return (name) => {
    for (const child of node.children) {
      if (!isNamed(child, name)) continue;
      const value = valueIn(source, child);
      if (value) return value;
    }
    return undefined;
  };
}

function isNamed(node: XmlNode, name: string): boolean {
  if (node.ns === '' || node.ns === 'atom') return node.name === name;
  return node.ns.length + node.name.length + 1 === name.length && name === `${node.ns}:${node.name}`;
}

function find(node: XmlNode, name: string): XmlNode | undefined {
  return node.children.find((child) => isNamed(child, name));
}

function tidy(value: string | undefined): string | undefined {
  return value?.replace(/\s+/g, ' ').trim() || undefined;
}

function text(value: string | undefined): string | undefined {
  return (value && plainText(value)) || undefined;
}

/** By the first of `names` that holds a date; of several elements of one name the last counts. */
function dateOf(source: string, node: XmlNode, names: string[]): string | undefined {
  for (const name of names) {
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i];
      const date = child && isNamed(child, name) ? isoDate(contentOf(source, child)) : undefined;
      if (date) return date;
    }
  }
  return undefined;
}

export function isoDate(value: string | undefined): string | undefined {
  return value ? parseLooseDate(value)?.date.toISOString() : undefined;
}

interface Link {
  rel: string;
  href: string;
  type?: string;
  length?: string;
  /** A link element may carry its own xml:base. */
  base?: string;
  isAtom: boolean;
}

/** Links in Atom's form, in the order of the document; `<link>` without href but with text counts as an alternate. */
function linksOf(source: string, node: XmlNode): Link[] {
  const links: Link[] = [];
  for (const child of node.children) {
    if (child.name !== 'link' || (child.ns !== '' && child.ns !== 'atom')) continue;
    const href = attr(child, 'href') ?? attr(child, ':resource');
    const isAtom = href !== undefined;
    const value = href ?? tidy(contentOf(source, child));
    if (!value) continue;
    links.push({
      rel: relOf(attr(child, 'rel')),
      href: value,
      type: attr(child, 'type'),
      length: attr(child, 'length'),
      base: attr(child, 'xml:base'),
      isAtom,
    });
  }
  return links;
}

/** Registered relations may be written as full IANA URIs (RFC 4287 §4.2.7.2). */
function relOf(rel: string | undefined): string {
  return (rel ?? 'alternate').toLowerCase().replace(/^https?:\/\/www\.iana\.org\/assignments\/relation\//, '');
}

/** The page: plain RSS link first, then Atom alternates with HTML preferred; relations that are never the page are skipped. */
function linkOf(source: string, node: XmlNode, base: string | undefined): string | undefined {
  const links = linksOf(source, node);
  const alternates = links.filter((l) => l.rel === 'alternate');
  const best =
    alternates.find((l) => !l.isAtom) ??
    alternates.find((l) => !l.type || /html/i.test(l.type)) ??
    alternates[0] ??
    links.find(
      (l) =>
        !/^(?:self|enclosure|edit|edit-media|hub|replies|next|prev|previous|first|last|license|related|icon|search|service)$/.test(
          l.rel,
        ) && !l.rel.includes(':'),
    );
  return best && targetOf({ ...best, href: tidyLink(best.href) }, base);
}

/** What people meant by a link that is quoted, is HTML itself, is escaped twice or leaves out its scheme. */
function tidyLink(href: string): string {
  const whole = /["<>]/.test(href) ? (/https?:\/\/[^\s"'<>]+/i.exec(href)?.[0] ?? href) : href;
  return whole.replace(/&amp;/gi, '&').replace(/^\s*(?=www\.[\p{L}\d-]+\.\p{L})/iu, 'http://');
}

function httpUrl(value: string | undefined): string | undefined {
  return value && /^https?:\/\/\S+$/i.test(value) ? value : undefined;
}

function targetOf(link: Link, base: string | undefined): string | undefined {
  return resolve(link.href, resolve(link.base, base) ?? base);
}

/** A chain longer than this is an attack. */
const MAX_BASES = 5;

/** What relative links are resolved against: the xml:base of the element and those around it, then the document. */
function baseOf(node: XmlNode, url: string | undefined): string | undefined {
  const own: string[] = [];
  for (let n: XmlNode | undefined = node; n; n = n.parent) {
    const base = attr(n, 'xml:base');
    if (base) own.push(base);
    if (own.length >= MAX_BASES) break;
  }
  let base = url;
  for (const next of own.reverse()) {
    const resolved = resolve(next, base);
    // `mailto:` and broken addresses are a base for nothing.
    if (resolved && URL.canParse('path', resolved)) base = resolved;
  }
  return base;
}

/** No server takes longer ones; browsers stop at two million. */
const MAX_URL_CHARS = 8_192;

/** An absolute URL; what cannot be made one is returned as it stands, since it may still serve as an identity. */
export function resolve(href: string | undefined, base: string | undefined): string | undefined {
  // Browsers leave these characters out, so a scheme may be hidden behind them (WHATWG URL).
  const compact = href?.replace(/[\t\r\n]/g, '').trim();
  if (!compact || compact.length > MAX_URL_CHARS) return undefined;
  if (/^https?:\/\/[^\s<>"]+$/i.test(compact)) return compact;
  if (/^(?:javascript|data|vbscript):/i.test(compact)) return undefined;
  try {
    return new URL(compact, base).href;
  } catch {
    return compact;
  }
}

/** Names as given. RSS writes `mail (Name)`, Atom nests name and email; the name is preferred. */
function authorsOf(source: string, node: XmlNode): string[] {
  const found: Record<'atom' | 'rss' | 'dc' | 'other', string[]> = { atom: [], rss: [], dc: [], other: [] };
  for (const child of node.children) {
    const isCore = child.ns === '' || child.ns === 'atom';
    if (isCore && child.name === 'author' && child.children.length > 0) {
      const read = reader(source, child);
      const name =
        read('name') ??
        read('foaf:name') ??
        read('email') ??
        read('title') ??
        attr(child, 'title') ??
        attr(child, 'name');
      if (name) found.atom.push(personName(name));
    } else if (isCore && (child.name === 'author' || child.name === 'managingeditor')) {
      found.rss.push(personName(contentOf(source, child)));
    } else if (
      (child.ns === 'dc' && (child.name === 'creator' || child.name === 'author')) ||
      (isCore && child.name === 'creator')
    ) {
      found.dc.push(personName(contentOf(source, child)));
    } else if (child.name === 'author' || (child.ns === 'dc' && child.name === 'contributor')) {
      found.other.push(personName(contentOf(source, child)));
    }
  }
  const best = [found.atom, found.rss, found.dc, found.other].find((names) => names.some(Boolean)) ?? [];
  return [...new Set(best.filter(Boolean))];
}

function personName(value: string): string {
  const plain = plainText(value);
  const withMail =
    /^(?:mailto:)?[^\s@()<>]+@[^\s@()<>]+\s*\(([^()]+)\)$/.exec(plain) ??
    /^([^<>()]+?)\s*[<(](?:mailto:)?[^\s@()<>]+@[^\s@()<>]+[>)]$/.exec(plain);
  return (withMail?.[1] ?? plain).trim();
}

function categoriesOf(source: string, node: XmlNode): string[] {
  const out = new Set<string>();
  for (const child of node.children) {
    const isCore = child.ns === '' || child.ns === 'atom';
    let values: (string | undefined)[] = [];
    if (child.name === 'category' && (isCore || child.ns === 'media'))
      values = [attr(child, 'label') ?? attr(child, 'term') ?? contentOf(source, child)];
    else if (child.name === 'category' && child.ns === 'itunes') values = [attr(child, 'text')];
    else if (child.name === 'subject' && child.ns === 'dc') values = [contentOf(source, child)];
    else if (child.name === 'keywords' && (child.ns === 'media' || child.ns === 'itunes'))
      values = contentOf(source, child).split(/[,،]/);
    for (const value of values) {
      const plain = text(value);
      if (plain) out.add(plain);
    }
  }
  return [...out];
}

/** enclosure elements and Atom enclosure links first, then Media RSS, each URL once. */
function enclosuresOf(source: string, node: XmlNode, base: string | undefined): Enclosure[] {
  const out: Enclosure[] = [];
  const add = (href: string | undefined, type: string | undefined, length: string | undefined) => {
    const url = resolve(href, base);
    if (!url || out.some((e) => e.url === url)) return;
    const digits = length?.replace(/[\s,]/g, '') ?? '';
    out.push(defined<Enclosure>({ url, type, length: /^\d{1,15}$/.test(digits) ? Number(digits) : undefined }));
  };
  for (const child of node.children) {
    if (child.name === 'enclosure')
      add(
        attr(child, 'url') ?? attr(child, 'href') ?? attr(child, ':resource'),
        attr(child, 'type'),
        attr(child, 'length'),
      );
  }
  for (const link of linksOf(source, node)) if (link.rel === 'enclosure') add(link.href, link.type, link.length);
  for (const child of node.children) {
    const type = attr(child, 'type');
    if (isNamed(child, 'content') && type && !/html/i.test(type)) add(attr(child, 'src'), type, undefined);
  }
  for (const child of node.children) {
    if (child.name !== 'image' || (child.ns !== '' && child.ns !== 'itunes')) continue;
    const named = attr(child, 'href') ?? attr(child, 'url') ?? reader(source, child)('url');
    const href = named ?? contentOf(source, child);
    if (named || /^(?:https?:)?\/\/?[^\s<>]+$/i.test(href)) add(href, 'image', undefined);
  }
  for (const kind of ['content', 'thumbnail']) {
    for (const media of mediaNodes(node, kind)) {
      add(
        attr(media, 'url'),
        attr(media, 'type') ?? (kind === 'thumbnail' ? 'image' : attr(media, 'medium')),
        attr(media, 'filesize'),
      );
    }
  }
  return out;
}

/** RFC 4685 §4 and §5: the total, or what the links to replies count; else RSS's slash module. */
function commentsOf(source: string, node: XmlNode): number | undefined {
  const read = reader(source, node);
  const replies = node.children.filter((child) => isNamed(child, 'link') && attr(child, 'rel') === 'replies');
  const total = read('thr:total') ?? read('slash:comments');
  const counts = (total === undefined ? replies.map((link) => attr(link, ':count')) : [total]).filter(
    (count): count is string => /^\d{1,9}$/.test(count?.trim() ?? ''),
  );
  return counts.length > 0 ? counts.reduce((sum, count) => sum + Number(count), 0) : undefined;
}

/** GeoRSS simple and GML, then W3C geo. Lines and areas say less than the text does. */
function pointOf(source: string, node: XmlNode): GeoPoint | undefined {
  const inside = (...names: string[]) => names.reduce<XmlNode | undefined>((at, name) => at && find(at, name), node);
  const gml = inside('georss:where', 'gml:point', 'gml:pos');
  const pair = reader(source, node)('georss:point') ?? (gml && contentOf(source, gml));
  const geo = reader(source, inside('geo:point') ?? node);
  const [lat, lon] = pair ? pair.trim().split(/[\s,]+/) : [geo('geo:lat'), geo('geo:long')];
  if (!lat || !lon) return undefined;
  const point = { lat: Number(lat), lon: Number(lon) };
  return Math.abs(point.lat) <= 90 && Math.abs(point.lon) <= 180 ? point : undefined;
}

/** media:content and media:thumbnail, also inside media:group and media:content. */
function mediaNodes(node: XmlNode, name: string): XmlNode[] {
  const out: XmlNode[] = [];
  for (const child of node.children) {
    if (child.ns !== 'media') continue;
    if (child.name === name) out.push(child);
    if (child.name === 'group' || child.name === 'content') out.push(...mediaNodes(child, name));
  }
  return out;
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

/** Without the keys that are undefined, so that results are the same JSON as objects. */
export function defined<T extends object>(value: T): T {
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] === undefined) delete value[key];
  return value;
}
