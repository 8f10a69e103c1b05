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
}

/** Nesting beyond this is an attack. */
export const MAX_DEPTH = 1_000;
/**
 * htmlparser2 takes time in proportion to the depth for every tag. Real feeds stay below 60 levels; a document that goes deeper may
 * have this many tags still to come, which bounds that time to about a second.
 */
const DEEP = 64;
const MAX_TAGS_WHEN_DEEP = 400_000;

/** Elements kept of one parent; entries have tens, channels a few hundred. */
const MAX_CHILDREN = 1_000;

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

function isTextElement({ ns, name, parent }: XmlNode, root: string | undefined): boolean {
  if (!TEXT_ELEMENTS.has(name)) return false;
  if (name === 'content') return ns === '' || ns === 'atom';
  return name === 'body' || name === 'div' ? enclosingEntry(parent, root) !== undefined : true;
}

/** What an entry is called in each format, with the names that can hold it. */
function isEntry(ns: string, name: string, root: string | undefined): boolean {
  if (name === 'item') return ns === '' || ns === 'atom' || ns === 'rdf';
  if (name === 'entry') return ns === '' || ns === 'atom';
  if (name === 'url') return root === 'urlset' && ns === '';
  return name === 'sitemap' && root === 'sitemapindex';
}

const ROOTS = new Set(['rss', 'feed', 'rdf', 'urlset', 'sitemapindex', 'channel']);

/** What these are is plain whatever default namespace they declare, and many declare a wrong one. */
const FEED_PARTS = new Set([...ROOTS, 'item', 'entry']);

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

/** Declarations in force; elements that declare none share the scope around them. */
interface Scope {
  own: Map<string, string>;
  /** Namespace of names without a prefix. */
  fallback: string;
  outer: Scope | undefined;
  depth: number;
}

/** Real documents declare namespaces on two or three levels; deeper ones are not looked at. */
const MAX_SCOPES = 16;
const MAX_ATTRIBUTES = 5_000;

/**
 * Reads any XML-like document without ever giving up on it: unclosed and crossed elements, items outside the channel, items inside
 * items. Stops at the entry after `maxEntries`. Throws FeedError TOO_DEEP, TOO_COMPLEX.
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
  const scopes: (Scope | undefined)[] = [];
  let current: XmlNode | undefined;
  let scope: Scope | undefined;
  /** Elements open inside the text element being skipped. */
  let skipping = 0;
  let deep = false;
  let attributes = 0;
  const names = new Map<string, [prefix: string, local: string]>();

  const parser = new Parser(
    {
      onattribute() {
        attributes++;
        if (attributes > MAX_ATTRIBUTES)
          throw new FeedError('TOO_COMPLEX', `an element has more than ${MAX_ATTRIBUTES} attributes`);
      },
      onopentag(tag, rawAttrs) {
        doc.elements++;
        attributes = 0;
        if (stack.length >= MAX_DEPTH)
          throw new FeedError('TOO_DEEP', `elements are nested more than ${MAX_DEPTH} deep`);
        if (stack.length === DEEP && !deep) {
          deep = true;
          if (countTags(source, parser.endIndex) > MAX_TAGS_WHEN_DEEP) {
            throw new FeedError('TOO_DEEP', `elements are nested more than ${DEEP} deep in a document of very many`);
          }
        }
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
          const ns = namespaceOf(prefix, scope);
          if (!isEntry(ns, name, doc.root?.name) || ns === 'xhtml' || /xml/i.test(current.attrs.type ?? '')) {
            skipping++;
            stack.push(undefined);
            scopes.push(scope);
            return;
          }
          skipping = 0;
          current.end = parser.startIndex;
        }
        const attrs = lowerCaseNames(rawAttrs, doc);
        scopes.push(scope);
        scope = extendScope(scope, attrs, FEED_PARTS.has(name) ? { prefix } : undefined);
        const ns = namespaceOf(prefix, scope);
        const node: XmlNode = {
          ns,
          name,
          attrs,
          parent: current,
          children: [],
          start: parser.endIndex + 1,
          end: -1,
          hasMarkup: false,
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
          if (current && current.children.length < MAX_CHILDREN) current.children.push(node);
          if (!doc.root && ROOTS.has(name)) doc.root = node;
          if (name === 'channel' ? doc.head?.name !== 'channel' : name === 'feed' && !doc.head) doc.head = node;
        }
        stack.push(node);
        current = node;
        if (isTextElement(node, doc.root?.name)) skipping = 1;
      },
      onclosetag() {
        const node = stack.pop();
        scope = scopes.pop();
        if (skipping > 0) skipping--;
        if (!node) return;
        if (node.end < 0) node.end = Math.max(node.start, parser.startIndex);
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

function countTags(source: string, from: number): number {
  let tags = 0;
  for (let i = source.indexOf('<', from); i >= 0 && tags <= MAX_TAGS_WHEN_DEEP; i = source.indexOf('<', i + 1)) tags++;
  return tags;
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

/** `part`: the declarations stand on a part of the feed, with the prefix it has. */
function extendScope(
  outer: Scope | undefined,
  attrs: Record<string, string>,
  part: { prefix: string } | undefined,
): Scope | undefined {
  let scope: Scope | undefined;
  for (const key in attrs) {
    if (!key.startsWith('xmlns') || (outer && outer.depth >= MAX_SCOPES)) continue;
    scope ??= { own: new Map(), fallback: outer?.fallback ?? '', outer, depth: (outer?.depth ?? 0) + 1 };
    const known = prefixOf(attrs[key] ?? '');
    if (key === 'xmlns') scope.fallback = known ?? attrs.xmlns ?? '';
    else if (key[5] === ':') scope.own.set(key.slice(6), known ?? key.slice(6));
  }
  if (!scope || !part || attrs.xmlns === undefined || scope.fallback === 'atom') return scope ?? outer;
  // `<rdf:RDF>` with an unknown default, too, means the feed's own names by it, unless these have a prefix.
  const isUnknown = prefixOf(attrs.xmlns) === undefined;
  const haveOwnPrefix = [...scope.own.values()].some((ns) => ns === '' || ns === 'atom');
  if (part.prefix === '' || (isUnknown && !haveOwnPrefix)) scope.fallback = '';
  return scope;
}

/** Conventional prefix for a prefix as written; one that was never declared stands for itself. */
function namespaceOf(prefix: string, scope: Scope | undefined): string {
  if (!prefix) return scope?.fallback ?? '';
  for (let s = scope; s; s = s.outer) {
    const known = s.own.get(prefix);
    if (known !== undefined) return known;
  }
  return prefix;
}

// --- reading values --------------------------------------------------------------------------------------------------

/** What is read of one value: bodies of articles may be long, everything else is a line. */
const MAX_BODY_CHARS = 2_000_000;
const MAX_VALUE_CHARS = 10_000;
const BODY_ELEMENTS = new Set('description summary content encoded body div fullitem abstract'.split(' '));

/** Characters 128–159 are controls nobody means: they are windows-1252, as numeric references are in HTML. */
export const C1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The five references of XML; every other named one was replaced by `repairXml`. */
const XML_REFERENCES: [name: string, character: string][] = [
  ['lt;', '<'],
  ['gt;', '>'],
  ['amp;', '&'],
  ['quot;', '"'],
  ['apos;', "'"],
];

/** Resolves XML and numeric references once; everything else stays. A scan by hand, since bodies hold millions of them. */
function decodeXml(text: string): string {
  let at = text.indexOf('&');
  if (at < 0) return text;
  let out = '';
  let from = 0;
  for (; at >= 0; at = text.indexOf('&', Math.max(from, at + 1))) {
    if (text[at + 1] === '#') {
      const numeric = readNumeric(text, at + 2);
      if (!numeric) continue;
      out += text.slice(from, at) + numeric.character;
      from = numeric.end;
      continue;
    }
    for (const [name, character] of XML_REFERENCES) {
      if (!text.startsWith(name, at + 1)) continue;
      out += text.slice(from, at) + character;
      from = at + 1 + name.length;
      break;
    }
  }
  return out + text.slice(from);
}

/** Digits of a numeric reference from `start`, in at most nine characters; the semicolon may be missing. */
function readNumeric(text: string, start: number): { character: string; end: number } | undefined {
  const isHex = text[start] === 'x' || text[start] === 'X';
  const radix = isHex ? 16 : 10;
  const first = isHex ? start + 1 : start;
  let code = 0;
  let end = first;
  for (; end < first + 9; end++) {
    const digit = digitOf(text.charCodeAt(end));
    if (digit >= radix) break;
    code = code * radix + digit;
  }
  if (end === first) return undefined;
  if (text[end] === ';') end++;
  if (code >= 0x80 && code <= 0x9f) return { character: C1.charAt(code - 0x80), end };
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return { character: isCharacter ? String.fromCodePoint(code) : '\ufffd', end };
}

/** 0–15, or a large number for what is no digit. */
function digitOf(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const letter = c | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 99;
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

/** Whether what is inside is meant as mark-up (Atom 1.0 §3.1.1, and `mode` of Atom 0.3). */
export function isXhtml({ attrs }: XmlNode): boolean {
  return /xhtml|xml$/i.test(attrs.type ?? '') || attrs.mode === 'xml';
}

/** What the document says inside the element, trimmed: text decoded once, or mark-up as it stands when there are elements inside. */
export function contentOf(source: string, node: XmlNode): string {
  const limit = BODY_ELEMENTS.has(node.name) ? MAX_BODY_CHARS : MAX_VALUE_CHARS;
  const end = node.end < node.start ? source.length : node.end;
  const raw = source.slice(node.start, Math.min(end, node.start + limit));
  if (!raw.includes('<')) return decodeXml(raw).trim();
  const xhtml = isXhtml(node);
  // Escaped tags beside real ones: the author meant one level of HTML, so references are resolved there too.
  const keepReferences = node.hasMarkup && (xhtml || !/&lt;\/?[a-z]/i.test(raw));
  let out = '';
  let at = 0;
  for (const m of raw.matchAll(/<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)|<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)/g)) {
    const between = raw.slice(at, m.index);
    out += keepReferences ? between : decodeXml(between);
    if (m[1] !== undefined) out += xhtml && node.hasMarkup ? m[1].replace(/&/g, '&amp;').replace(/</g, '&lt;') : m[1];
    at = m.index + m[0].length;
  }
  const tail = raw.slice(at);
  out += keepReferences ? tail : decodeXml(tail);
  return (xhtml ? withoutNamespaces(out) : out).trim();
}

/** XHTML as plain HTML: no prefixes and no declarations of them. */
function withoutNamespaces(markup: string): string {
  return markup
    .replace(/<(\/?)[A-Za-z][\w.-]*:(?=[A-Za-z])/g, '<$1')
    .replace(/\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<>]*"|'[^'<>]*')/g, '');
}
