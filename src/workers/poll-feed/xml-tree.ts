import { Parser } from 'htmlparser2';
import { FeedError } from '../../shared/errors.ts';
import { extendScope, namespaceOf, type Scope } from './xml-namespaces.ts';

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
