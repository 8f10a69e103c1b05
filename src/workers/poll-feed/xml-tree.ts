import { Parser } from 'htmlparser2';
import { FeedError } from '../../shared/errors.ts';

/**
 * An element a feed reader looks at. Values are read lazily from the source by offset, so that a large body costs nothing
 * until it is wanted.
 */
export interface XmlNode {
  /** Conventional prefix of its namespace whatever the document calls it; '' for the feed formats' own names. */
  ns: string;
  /** Local name, lower case. */
  name: string;
  /** Names lower-case as written (`xml:lang`, `rdf:about`); values not yet decoded. */
  attrs: Record<string, string>;
  parent: XmlNode | undefined;
  children: XmlNode[];
  /** Offsets of the content in the source. */
  start: number;
  end: number;
  /** There are elements inside, whether or not they became children. */
  hasMarkup: boolean;
  closed: boolean;
}

/** Nesting beyond this is an attack: htmlparser2 is quadratic in depth, and real feeds stay below 60. */
export const MAX_DEPTH = 1_000;

/** Namespace → prefix. Atom has its own prefix because RSS channels carry Atom links beside their own. Compared in lower case. */
const PREFIXES = new Map<string, string>([
  ['http://www.w3.org/2005/atom', 'atom'],
  ['http://purl.org/atom/ns#', 'atom'],
  ['http://purl.org/rss/1.0', ''],
  ['http://my.netscape.com/rdf/simple/0.9', ''],
  ['http://channel.netscape.com/rdf/simple/0.9', ''],
  ['http://backend.userland.com/rss', ''],
  ['http://backend.userland.com/rss2', ''],
  ['http://blogs.law.harvard.edu/tech/rss', ''],
  ['http://www.sitemaps.org/schemas/sitemap/0.9', ''],
  ['http://www.google.com/schemas/sitemap/0.84', ''],
  ['http://www.google.com/schemas/sitemap-news/0.9', 'news'],
  ['http://www.google.com/schemas/sitemap-image/1.1', 'image'],
  ['http://www.google.com/schemas/sitemap-video/1.1', 'video'],
  ['http://purl.org/dc/elements/1.0', 'dc'],
  ['http://purl.org/dc/elements/1.1', 'dc'],
  ['http://purl.org/dc/terms', 'dcterms'],
  ['http://purl.org/rss/1.0/modules/content', 'content'],
  ['http://purl.org/rss/1.0/modules/syndication', 'sy'],
  ['http://purl.org/rss/1.0/modules/slash', 'slash'],
  ['http://search.yahoo.com/mrss', 'media'],
  ['http://search.yahoo.com/searchmonkey/media', 'media'],
  ['http://www.itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://www.itunes.com/dtds/podcast-1.0', 'itunes'],
  ['http://example.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://www.georss.org/georss', 'georss'],
  ['http://www.opengis.net/gml', 'gml'],
  ['http://www.w3.org/2003/01/geo/wgs84_pos#', 'geo'],
  ['http://purl.org/syndication/thread/1.0', 'thr'],
  ['http://rssnamespace.org/feedburner/ext/1.0', 'feedburner'],
  ['http://www.w3.org/1999/02/22-rdf-syntax-ns#', 'rdf'],
  ['http://www.w3.org/1999/xhtml', 'xhtml'],
  ['http://www.w3.org/xml/1998/namespace', 'xml'],
]);

function prefixOf(uri: string): string | undefined {
  return PREFIXES.get(
    uri
      .trim()
      .toLowerCase()
      .replace(/^https:/, 'http:')
      .replace(/\/$/, ''),
  );
}

/** Elements whose content is text or HTML: what is inside them is kept as source and never becomes nodes. */
const TEXT_ELEMENTS = new Set(
  'title description summary content encoded subtitle tagline info rights copyright body fullitem abstract div'.split(
    ' ',
  ),
);

function isTextElement(ns: string, name: string, inEntry: boolean): boolean {
  if (!TEXT_ELEMENTS.has(name)) return false;
  if (name === 'content') return ns === '' || ns === 'atom';
  return name === 'body' || name === 'div' ? inEntry : true;
}

/** What an entry is called in each format, with the names that can hold it. */
function isEntry(ns: string, name: string, root: string | undefined): boolean {
  if (name === 'item') return ns === '' || ns === 'atom' || ns === 'rdf';
  if (name === 'entry') return ns === '' || ns === 'atom';
  if (name === 'url') return root === 'urlset' && ns === '';
  return name === 'sitemap' && root === 'sitemapindex';
}

const ROOTS = new Set(['rss', 'feed', 'rdf', 'urlset', 'sitemapindex', 'channel']);

export interface XmlDocument {
  source: string;
  /** Name of the feed element: rss, feed, rdf, urlset, sitemapindex, or channel (CDF). */
  root: XmlNode | undefined;
  /** First element of the document, feed or not. */
  first: XmlNode | undefined;
  /** Element that holds the feed's own title and link. */
  head: XmlNode | undefined;
  entries: XmlNode[];
  /** The document ended before its root element did. */
  truncated: boolean;
  /** Reading stopped because there were more entries than wanted. */
  capped: boolean;
  /** What makes other parsers slow. */
  elements: number;
  maxAttributes: number;
}

type Scope = { prefixes: Map<string, string>; fallback: string } | undefined;

/**
 * Reads any XML-like document without ever giving up on it: unclosed and crossed elements, items outside the channel, items inside
 * items. Stops at the entry after `maxEntries`. Throws FeedError TOO_DEEP.
 */
export function readXml(source: string, maxEntries: number): XmlDocument {
  const doc: XmlDocument = {
    source,
    root: undefined,
    first: undefined,
    head: undefined,
    entries: [],
    truncated: false,
    capped: false,
    elements: 0,
    maxAttributes: 0,
  };
  /** Parallel to the parser's own stack; undefined where the content of a text element is skipped. */
  const stack: (XmlNode | undefined)[] = [];
  const scopes: Scope[] = [];
  let current: XmlNode | undefined;
  let scope: Scope;
  /** Elements open inside the text element being skipped. */
  let skipping = 0;
  const names = new Map<string, [prefix: string, local: string]>();

  const parser = new Parser(
    {
      onopentag(tag, rawAttrs) {
        doc.elements++;
        if (stack.length >= MAX_DEPTH)
          throw new FeedError('TOO_DEEP', `elements are nested more than ${MAX_DEPTH} deep`);
        let split = names.get(tag);
        if (!split) {
          const lower = tag.toLowerCase();
          const colon = lower.indexOf(':');
          split = colon < 0 ? ['', lower] : [lower.slice(0, colon), lower.slice(colon + 1)];
          if (names.size < 10_000) names.set(tag, split);
        }
        const [prefix, name] = split;
        if (skipping > 0 && current) {
          current.hasMarkup = true;
          // An unclosed text element must not swallow the entries after it.
          const ns = scope?.prefixes.get(prefix) ?? (prefix || (scope?.fallback ?? ''));
          if (!isEntry(ns, name, doc.root?.name) || ns === 'xhtml' || /xml/i.test(current.attrs.type ?? '')) {
            skipping++;
            stack.push(undefined);
            scopes.push(scope);
            return;
          }
          skipping = 0;
        }
        const attrs = lowerCaseNames(rawAttrs, doc);
        scopes.push(scope);
        scope = extendScope(scope, attrs);
        const ns = prefix ? (scope?.prefixes.get(prefix) ?? prefix) : (scope?.fallback ?? '');
        const node: XmlNode = {
          ns,
          name,
          attrs,
          parent: current,
          children: [],
          start: parser.endIndex + 1,
          end: -1,
          hasMarkup: false,
          closed: false,
        };
        doc.first ??= node;
        for (let open: XmlNode | undefined = current; open && !open.hasMarkup; open = open.parent)
          open.hasMarkup = true;
        if (isEntry(ns, name, doc.root?.name)) {
          if (doc.entries.length >= maxEntries) {
            doc.capped = true;
            parser.pause();
            return;
          }
          // An entry inside an entry means the outer one was never closed.
          const outer = enclosingEntry(current, doc.root?.name);
          if (outer) {
            if (outer.end < 0) outer.end = parser.startIndex;
            node.parent = outer.parent;
          }
          doc.entries.push(node);
        } else {
          current?.children.push(node);
          if (!doc.root && ROOTS.has(name)) doc.root = node;
          if (name === 'channel' ? doc.head?.name !== 'channel' : name === 'feed' && !doc.head) doc.head = node;
        }
        stack.push(node);
        current = node;
        if (isTextElement(ns, name, enclosingEntry(node.parent, doc.root?.name) !== undefined)) skipping = 1;
      },
      onclosetag(_tag, implied) {
        const node = stack.pop();
        scope = scopes.pop();
        if (skipping > 0) skipping--;
        if (!node) return;
        if (node.end < 0) node.end = Math.max(node.start, parser.startIndex);
        node.closed = !implied;
        skipping = 0;
        current = stack.findLast((open) => open !== undefined);
      },
    },
    { xmlMode: true, decodeEntities: false, lowerCaseTags: false, lowerCaseAttributeNames: false },
  );
  parser.write(source);
  if (!doc.capped) {
    const open = stack.filter((node) => node !== undefined);
    doc.truncated = doc.root !== undefined && open.includes(doc.root);
    parser.end();
    if (doc.truncated) {
      for (const node of open) node.end = source.length;
      const last = doc.entries.at(-1);
      if (last && open.includes(last)) doc.entries.pop();
    }
  }
  doc.head ??= doc.root;
  return doc;
}

function enclosingEntry(node: XmlNode | undefined, root: string | undefined): XmlNode | undefined {
  for (let n = node; n; n = n.parent) if (isEntry(n.ns, n.name, root)) return n;
  return undefined;
}

const NO_ATTRS: Record<string, string> = Object.freeze({});

function lowerCaseNames(attrs: Record<string, string>, doc: XmlDocument): Record<string, string> {
  const keys = Object.keys(attrs);
  if (keys.length === 0) return NO_ATTRS;
  if (keys.length > doc.maxAttributes) doc.maxAttributes = keys.length;
  const out: Record<string, string> = Object.create(null);
  for (const key of keys) out[key.toLowerCase()] ??= attrs[key] ?? '';
  return out;
}

function extendScope(scope: Scope, attrs: Record<string, string>): Scope {
  let extended = scope;
  for (const key in attrs) {
    if (!key.startsWith('xmlns')) continue;
    if (extended === scope) extended = { prefixes: new Map(scope?.prefixes), fallback: scope?.fallback ?? '' };
    const known = prefixOf(attrs[key] ?? '');
    if (!extended) continue;
    if (key === 'xmlns') extended.fallback = known ?? '';
    else if (key[5] === ':') extended.prefixes.set(key.slice(6), known ?? key.slice(6));
  }
  return extended;
}

// --- reading values --------------------------------------------------------------------------------------------------

/** The five of XML; every other named reference was replaced by `repairXml`. */
const XML_ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Characters 128–159 are controls nobody means: they are windows-1252, as numeric references are in HTML. */
export const C1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

export function decodeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));?|(amp|lt|gt|quot|apos);)/g,
    (_all, hex, decimal, name) => {
      if (name) return XML_ENTITIES[name] ?? '';
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      if (code >= 0x80 && code <= 0x9f) return C1.charAt(code - 0x80);
      if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
      return String.fromCodePoint(code);
    },
  );
}

/** A decoded attribute, trimmed; the name may carry any prefix when given as `:name`. */
export function attr(node: XmlNode | undefined, name: string): string | undefined {
  if (!node) return undefined;
  let raw = node.attrs[name];
  if (raw === undefined && name.startsWith(':')) {
    const key = Object.keys(node.attrs).find((k) => k.endsWith(name));
    raw = key ? node.attrs[key] : undefined;
  }
  const value = raw === undefined ? '' : decodeXml(raw).trim();
  return value || undefined;
}

/** What the document says inside the element, trimmed: text decoded once, or mark-up as it stands when there are elements inside. */
export function contentOf(source: string, node: XmlNode): string {
  const raw = source.slice(node.start, node.end < node.start ? source.length : node.end);
  if (!raw.includes('<')) return decodeXml(raw).trim();
  const isXhtml = /xhtml|xml$/i.test(node.attrs.type ?? '') || node.attrs.mode === 'xml';
  // Escaped tags beside real ones: the author meant one level of HTML, so references are resolved there too.
  const keepReferences = node.hasMarkup && (isXhtml || !/&lt;\/?[a-z]/i.test(raw));
  let out = '';
  let at = 0;
  for (const m of raw.matchAll(/<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)/g)) {
    const between = raw.slice(at, m.index);
    out += keepReferences ? between : decodeXml(between);
    if (m[1] !== undefined) out += isXhtml && node.hasMarkup ? m[1].replace(/&/g, '&amp;').replace(/</g, '&lt;') : m[1];
    at = m.index + m[0].length;
  }
  const tail = raw.slice(at);
  out += keepReferences ? tail : decodeXml(tail);
  return (isXhtml ? withoutNamespaces(out) : out).trim();
}

/** XHTML as plain HTML: no prefixes and no declarations of them. */
function withoutNamespaces(markup: string): string {
  return markup
    .replace(/<(\/?)[A-Za-z][\w.-]*:(?=[A-Za-z])/g, '<$1')
    .replace(/\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<>]*"|'[^'<>]*')/g, '');
}
