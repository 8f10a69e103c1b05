import type { Entry, GeoPoint } from '../../shared/model.ts';
import { baseOf, httpUrl, linkOf, resolve } from './feed-links.ts';
import { enclosuresOf, htmlOfMedia } from './feed-media.ts';
import { bodyOf, dateOf, defined, find, htmlOf, isNamed, isoDate, reader, text, tidy } from './feed-values.ts';
import { plainText } from './html-text.ts';
import { attr, contentOf, isXhtml } from './xml-content.ts';
import type { XmlNode } from './xml-tree.ts';

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

export function readItem(source: string, node: XmlNode, url: string | undefined): Entry {
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

export function readSitemapUrl(source: string, node: XmlNode, url: string | undefined): Entry {
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

/** Names as given. RSS writes `mail (Name)`, Atom nests name and email; the name is preferred. */
export function authorsOf(source: string, node: XmlNode): string[] {
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
