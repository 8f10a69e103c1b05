import { decodeHTMLAttribute } from 'entities';
import { Parser } from 'htmlparser2';
import { decodeBytes } from '../../shared/decode-bytes.ts';
import { FeedError } from '../../shared/errors.ts';
import type { OpmlFeed } from '../../shared/model.ts';
import { escapeHtml } from './html-text.ts';

/** Subscription lists of the largest readers stay far below. */
const MAX_OPML_BYTES = 15 * 1024 * 1024;
const MAX_DEPTH = 100;
const MAX_FEEDS = 100_000;

/** A subscription list that cannot be read, and the line (from 1) where that shows. Code: OPML_INVALID. */
export class OpmlError extends FeedError {
  readonly line: number;

  constructor(line: number, message: string) {
    super('OPML_INVALID', `line ${line}: ${message}`);
    this.line = line;
  }
}

/** A subscription that was left out. */
export interface OpmlProblem {
  line: number;
  message: string;
}

/** The subscriptions of an OPML 1 or 2 list, each URL once. Throws OpmlError when the document is not OPML or is cut off. */
export function parseOpml(bytes: Uint8Array): OpmlFeed[] {
  return readOpml(bytes).feeds;
}

/** As `parseOpml`, with the outlines that had to be left out. */
export function readOpml(bytes: Uint8Array): { feeds: OpmlFeed[]; problems: OpmlProblem[] } {
  if (bytes.length > MAX_OPML_BYTES) throw new OpmlError(1, `the list is larger than ${MAX_OPML_BYTES} bytes`);
  const source = decodeBytes(bytes, { kind: 'xml' }).text;
  const feeds = new Map<string, OpmlFeed>();
  const problems: OpmlProblem[] = [];
  const open: { name: string; at: number; folder?: string }[] = [];
  let isOpml = false;
  const lineOf = lineCounter(source);

  const parser = new Parser(
    {
      onopentag(tag, attrs) {
        const name = tag.toLowerCase();
        const at = parser.startIndex;
        if (open.length >= MAX_DEPTH)
          throw new OpmlError(lineOf(at), `outlines are nested more than ${MAX_DEPTH} deep`);
        if (name === 'opml') isOpml = true;
        if (name !== 'outline') {
          open.push({ name, at });
          return;
        }
        const outline = attributes(attrs);
        const address =
          outline.xmlurl ??
          (/^(?:rss|atom|feed)$/i.test(outline.type ?? '') ? (outline.url ?? outline.htmlurl) : undefined);
        const label = outline.title ?? outline.text;
        open.push({ name, at, ...(address === undefined && label ? { folder: label } : {}) });
        if (address === undefined) return;
        const url = feedUrl(address);
        if (!url) {
          problems.push({
            line: lineOf(at),
            message: `${JSON.stringify(address.slice(0, 200))} is not an http(s) URL`,
          });
          return;
        }
        if (feeds.size >= MAX_FEEDS) throw new OpmlError(lineOf(at), `the list holds more than ${MAX_FEEDS} feeds`);
        const around = open.flatMap((o) => o.folder ?? []);
        const folders = around.length > 0 ? around : categoryFolders(outline.category);
        const siteUrl = feedUrl(outline.htmlurl ?? '');
        if (!feeds.has(url)) {
          feeds.set(url, {
            url,
            ...(label && label !== address ? { title: label } : {}),
            ...(siteUrl ? { siteUrl } : {}),
            folders,
          });
        }
      },
      onclosetag() {
        open.pop();
      },
    },
    { xmlMode: true, decodeEntities: false },
  );
  parser.write(source);
  // Half a list must not pass for a whole one; a missing </opml> alone loses nothing.
  const unclosed = open.findLast(({ name }) => name === 'body' || name === 'outline');
  parser.end();
  if (!isOpml) {
    const first = /<[A-Za-z][^\s/>]*/.exec(source);
    const what =
      source.trim() === ''
        ? 'the document is empty'
        : first
          ? `expected <opml>, found ${first[0]}>`
          : 'expected <opml>, found text';
    throw new OpmlError(first ? lineOf(first.index) : 1, what);
  }
  if (unclosed) {
    throw new OpmlError(
      lineOf(source.length),
      `the document ends before <${unclosed.name}> of line ${lineOf(unclosed.at)} is closed`,
    );
  }
  return { feeds: [...feeds.values()], problems };
}

/** Line of an offset; offsets must not decrease much, so it counts from where it was. */
function lineCounter(source: string): (at: number) => number {
  let line = 1;
  let from = 0;
  return (at) => {
    if (at < from) {
      line = 1;
      from = 0;
    }
    for (let i = source.indexOf('\n', from); i >= 0 && i < at; i = source.indexOf('\n', i + 1)) line++;
    from = Math.max(from, at);
    return line;
  };
}

function attributes(raw: Record<string, string>): Record<string, string> {
  const out: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(raw)) {
    const decoded = decodeHTMLAttribute(value).replace(/\s+/g, ' ').trim();
    if (decoded) out[name.toLowerCase()] ??= decoded;
  }
  return out;
}

/** An absolute http(s) URL; `feed:` addresses are http ones in disguise. */
function feedUrl(value: string): string | undefined {
  const plain = value
    .trim()
    .replace(/^feed:(?:\/\/)?(?=https?:)/i, '')
    .replace(/^feed:/i, 'http:');
  if (!URL.canParse(plain)) return undefined;
  const { href, protocol, hostname } = new URL(plain);
  return (protocol === 'http:' || protocol === 'https:') && hostname ? href : undefined;
}

/** OPML 2.0 allows folders as a category path instead of nesting: `/Media/Arabic,/Daily`. */
function categoryFolders(category: string | undefined): string[] {
  const path = category?.split(',')[0]?.trim() ?? '';
  return path.startsWith('/') ? path.split('/').filter(Boolean) : [];
}

interface Folder {
  folders: Map<string, Folder>;
  feeds: OpmlFeed[];
}

/** An OPML 2.0 list with the folders nested. `title` heads the list; feeds keep their order within a folder. */
export function writeOpml(feeds: Iterable<OpmlFeed>, title = 'Khabar'): string {
  const top: Folder = { folders: new Map(), feeds: [] };
  for (const feed of feeds) {
    let place = top;
    for (const name of feed.folders) {
      let inner = place.folders.get(name);
      if (!inner) {
        inner = { folders: new Map(), feeds: [] };
        place.folders.set(name, inner);
      }
      place = inner;
    }
    place.feeds.push(feed);
  }
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<opml version="2.0">',
    '  <head>',
    `    <title>${escapeXml(title)}</title>`,
    '  </head>',
    '  <body>',
  ];
  writeFolder(top, '    ', lines);
  return `${[...lines, '  </body>', '</opml>'].join('\n')}\n`;
}

function writeFolder(folder: Folder, indent: string, lines: string[]): void {
  for (const [name, inner] of folder.folders) {
    lines.push(`${indent}<outline text="${escapeXml(name)}" title="${escapeXml(name)}">`);
    writeFolder(inner, `${indent}  `, lines);
    lines.push(`${indent}</outline>`);
  }
  for (const { url, title, siteUrl } of folder.feeds) {
    const name = escapeXml(title ?? url);
    const site = siteUrl ? ` htmlUrl="${escapeXml(siteUrl)}"` : '';
    lines.push(`${indent}<outline type="rss" text="${name}" title="${name}" xmlUrl="${escapeXml(url)}"${site}/>`);
  }
}

function escapeXml(text: string): string {
  return escapeHtml(text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')).replace(/[\t\r\n]/g, ' ');
}
