import { gunzipSync } from 'node:zlib';
import RssParser from 'rss-parser';
import { decodeBytes } from '../../shared/decode-bytes.ts';
import { FeedError } from '../../shared/errors.ts';
import type { Entry, Feed } from '../../shared/model.ts';
import { defined, isoDate } from './feed-values.ts';
import { plainText } from './html-text.ts';
import { readFeed } from './read-feed.ts';
import { readJsonFeed } from './read-json-feed.ts';
import { repairXml } from './repair-xml.ts';
import { readXml, type XmlDocument } from './xml-tree.ts';

/** Caps on one document, after decompression. */
export const MAX_FEED_BYTES = 15 * 1024 * 1024;
export const MAX_FEED_ENTRIES = 1_000;

/**
 * Objects, lists and values between commas of a JSON document. JSON.parse makes some 60 bytes of three ("{},"), and cannot be stopped half-way: beyond
 * the memory of its thread it would end the whole process.
 */
const MAX_JSON_VALUES = 500_000;

/** Beyond these rss-parser takes seconds (5 CPU s on 15 MB of small items, 3 s on 100,000 attributes), so it is not asked. */
const RSS_PARSER_LIMITS = { chars: 6_000_000, elements: 60_000, attributes: 64 };

/**
 * Reads RSS 0.9x/1.0/2.0, Atom 0.3/1.0, CDF, JSON Feed, sitemaps (with Google News) and sitemap indexes, as they really are on the
 * web. rss-parser reads the repaired document; a tolerant reading of the same text is laid over it and stands alone where rss-parser
 * gives up. `summary` and `contentHtml` are HTML as published: sanitise before showing. Links are made absolute against `url`.
 * Entries keep document order; entries beyond `maxEntries` (default 1,000) are not read.
 *
 * Throws FeedError: TOO_LARGE (15 MB), TOO_DEEP (1,000 levels), TOO_COMPLEX (5,000
 * attributes on one element, 500,000 values in JSON), EMPTY_DOCUMENT, NOT_A_FEED, BAD_JSON, BAD_GZIP.
 */
export async function parseFeed(
  bytes: Uint8Array,
  opts: { url?: string; contentType?: string; maxEntries?: number } = {},
): Promise<Feed> {
  const maxEntries = opts.maxEntries ?? MAX_FEED_ENTRIES;
  const inflated = inflate(bytes);
  if (inflated.length > MAX_FEED_BYTES)
    throw new FeedError('TOO_LARGE', `the document is larger than ${MAX_FEED_BYTES} bytes`);
  const decoded = decodeBytes(inflated, { kind: 'xml', contentType: opts.contentType });
  const source = decoded.text;
  const head = source.slice(0, 4096).trimStart();
  if (!source.trim()) throw new FeedError('EMPTY_DOCUMENT', 'the document is empty');
  const feed =
    head.startsWith('{') || head.startsWith('[')
      ? parseJson(source, opts.url, maxEntries)
      : await parseXml(source, opts.url, maxEntries);
  feed.warnings.unshift(...decoded.warnings);
  return feed;
}

/** Sitemaps and some feeds are stored compressed and served as they are. */
function inflate(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_FEED_BYTES });
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new FeedError(tooLarge ? 'TOO_LARGE' : 'BAD_GZIP', 'the compressed document cannot be read', { cause });
  }
}

function parseJson(source: string, url: string | undefined, maxEntries: number): Feed {
  if (countJsonValues(source, MAX_JSON_VALUES) > MAX_JSON_VALUES)
    throw new FeedError('TOO_COMPLEX', `the document has more than ${MAX_JSON_VALUES} values`);
  let value: unknown;
  try {
    value = JSON.parse(source.trim());
  } catch (cause) {
    throw new FeedError('BAD_JSON', 'the document looks like JSON and is not', { cause });
  }
  const feed = readJsonFeed(value, url, maxEntries);
  if (!feed) throw new FeedError('NOT_A_FEED', 'the document is JSON, but not a JSON Feed');
  return feed;
}

/** By the signs that begin or part them, outside of strings; no further than one more than `most`. */
function countJsonValues(source: string, most: number): number {
  let values = 0;
  let inString = false;
  for (let i = 0; i < source.length && values <= most; i++) {
    const c = source.charCodeAt(i);
    if (c === 0x22) inString = !inString;
    else if (inString) i += c === 0x5c ? 1 : 0;
    else if (c === 0x2c || c === 0x5b || c === 0x7b) values++;
  }
  return values;
}

async function parseXml(source: string, url: string | undefined, maxEntries: number): Promise<Feed> {
  const repaired = repairXml(source);
  const doc = readXml(repaired.text, maxEntries);
  if (!doc.root && doc.entries.length === 0) {
    const what =
      doc.first?.name === 'html' || /^<!doctype html/i.test(source.trimStart())
        ? 'an HTML page'
        : 'no feed, sitemap or JSON Feed';
    throw new FeedError('NOT_A_FEED', `the document is ${what}`);
  }
  const tolerant = readFeed(doc, url);
  const warnings = [...repaired.warnings];
  const strict = await askRssParser(repaired.text, doc, warnings);
  const feed = strict ? overlay(strict, tolerant) : tolerant;
  feed.warnings = warnings;
  if (doc.truncated) {
    feed.truncated = true;
    feed.warnings.push('the document ends before its end; an unfinished last entry was dropped');
  }
  if (doc.capped) feed.warnings.push(`only the first ${maxEntries} entries were read`);
  return feed;
}

/** What rss-parser makes of the document, or undefined where it gives up. A parser that has failed once leaks its state: one per document. */
async function askRssParser(text: string, doc: XmlDocument, warnings: string[]): Promise<Feed | undefined> {
  const name = doc.root?.name;
  if (doc.truncated || doc.capped || (name !== 'rss' && name !== 'feed' && name !== 'rdf')) return undefined;
  if (text.length > RSS_PARSER_LIMITS.chars || doc.elements > RSS_PARSER_LIMITS.elements) return undefined;
  if (doc.maxAttributes > RSS_PARSER_LIMITS.attributes) return undefined;
  try {
    const parser = new RssParser<Record<string, unknown>, Record<string, unknown>>({ defaultRSS: 2 });
    const output = await parser.parseString(text);
    return {
      kind: name === 'rss' ? 'rss' : name === 'rdf' ? 'rdf' : 'atom',
      title: plain(output.title),
      language: string(output.language),
      description: string(output.description),
      updatedAt: isoDate(string(output.lastBuildDate) ?? string(output.pubDate)),
      entries: output.items.map((item) => fromRssParser(item, name === 'feed')),
      warnings: [],
    };
  } catch {
    warnings.push('the document is not well-formed: read tolerantly');
    return undefined;
  }
}

/** Links are left out: rss-parser takes the first of any relation, and resolves none. */
function fromRssParser(item: Record<string, unknown>, isAtom: boolean): Entry {
  const creator = string(item.creator) ?? string(item.author);
  return {
    guid: string(item.guid) ?? string(item.id),
    title: plain(item.title),
    summary: string(isAtom ? item.summary : item.content),
    // Of an element without content rss-parser makes mark-up of its attributes.
    contentHtml: isAtom ? withText(string(item.content)) : string(item['content:encoded']),
    publishedAt: isoDate(string(item.pubDate) ?? string(item.isoDate)),
    authors: creator ? [creator] : [],
    categories: Array.isArray(item.categories) ? item.categories.flatMap((c) => plain(c) ?? []) : [],
    enclosures: [],
  };
}

/** Fields of the tolerant reading over those of rss-parser, entry by entry as long as both saw the same ones. */
function overlay(strict: Feed, tolerant: Feed): Feed {
  const sameEntries = strict.entries.length === tolerant.entries.length;
  const entries = tolerant.entries.map((entry, i) => {
    const base = sameEntries ? strict.entries[i] : undefined;
    if (!base) return entry;
    return defined<Entry>({
      ...base,
      ...entry,
      authors: entry.authors.length > 0 ? entry.authors : base.authors,
      categories: entry.categories.length > 0 ? entry.categories : base.categories,
    });
  });
  return defined<Feed>({ ...strict, ...tolerant, entries });
}

/** xml2js gives objects for elements with attributes or children; only text is of use. */
function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

function withText(markup: string | undefined): string | undefined {
  return markup && /[^<>\s]/.test(markup.replace(/<[^<>]*>/g, '')) ? markup : undefined;
}

function plain(value: unknown): string | undefined {
  const s = string(value);
  return (s && plainText(s)) || undefined;
}
