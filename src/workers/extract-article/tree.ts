import { decodeHTML, decodeHTMLAttribute } from 'entities';
import { Parser } from 'htmlparser2';

/** An element of the page. Text sits among the children as plain strings, entities decoded. */
export interface TreeNode {
  tag: string;
  parent: TreeNode | undefined;
  children: (TreeNode | string)[];
  /** Only the attributes extraction reads (see KEPT_ATTRIBUTES). */
  attrs: Readonly<Record<string, string>>;
  /** Has one of RARE_ATTRIBUTES: the others need not be asked for them. */
  hasRare: boolean;
  depth: number;
  /** Blocks `from` (inclusive) to `to` (exclusive) hold the text of this element; set by collectBlocks. */
  from: number;
  to: number;
}

export interface Tree {
  root: TreeNode;
  /** Elements that sit anywhere and are read for metadata, in document order. */
  metas: TreeNode[];
  links: TreeNode[];
  titles: TreeNode[];
  h1s: TreeNode[];
  times: TreeNode[];
  /** Elements with an itemprop, `<meta>` and `<link>` apart. */
  marked: TreeNode[];
  /** Elements that say they name an author: itemprop, rel, or a link to an author's page. */
  authors: TreeNode[];
  /** Text of each `<script type="application/ld+json">`. */
  jsonLd: string[];
  elements: number;
  truncated: boolean;
}

/** Deeper elements are laid flat into their ancestor at this depth, as browsers do (Chrome: 512). Bounds htmlparser2's stack, whose cost grows with depth. */
export const MAX_DEPTH = 512;
/** Real news pages hold up to some 30,000 elements. */
export const MAX_ELEMENTS = 120_000;
/** UTF-16 code units of markup read; the rest is ignored with a warning. */
export const MAX_HTML_LENGTH = 20_000_000;

const KEPT_ATTRIBUTES = new Set(
  (
    'class id itemprop itemtype property name content href src rel type datetime hidden style aria-hidden role lang dir title alt ' +
    'charset http-equiv pubdate data-src srcset data-srcset data-testid data-component data-qa data-type data-name data-module ' +
    'aria-label width height colspan rowspan'
  ).split(' '),
);

const RARE_ATTRIBUTES = new Set(
  'hidden style role itemprop aria-hidden data-testid data-component data-qa data-module data-type'.split(' '),
);
/** Of all elements without attributes, which are half of them. */
const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze({});

const AUTHOR_PAGE =
  /\/(?:authors?|autore?s?|autor(?:en)?|auteurs?|writers?|columnists?|reporters?|journalists?|contributors?|people|profile|by|staff|avtor|yazar(?:lar)?)\/[^/?#]/i;

/** Elements whose content is never article text. */
const SKIPPED_CONTENT = new Set(
  (
    'script style noscript template svg iframe object embed select button textarea input canvas audio video map applet datalist ' +
    'noembed noframes frame frameset amp-ad amp-sticky-ad'
  ).split(' '),
);

/**
 * htmlparser2 keeps its open elements in an array it shifts, at a cost that grows with depth. Beyond MAX_DEPTH every start tag is
 * treated as void (its content becomes its parent's) and every end tag is passed over.
 */
class BoundedParser extends Parser {
  depth = 0;
  /** Between a start tag's name and its end, where htmlparser2 asks a second time and must get the first answer again. */
  opening = false;
  private flat = false;

  override isVoidElement(name: string): boolean {
    if (this.opening) this.opening = false;
    else this.flat = this.depth >= MAX_DEPTH;
    return this.flat || super.isVoidElement(name);
  }
}

/** Parses a page in one pass into a light tree, in time linear in its length. Never throws. */
export function parseTree(html: string): Tree {
  const root: TreeNode = {
    tag: '#root',
    parent: undefined,
    children: [],
    attrs: NO_ATTRIBUTES,
    hasRare: false,
    depth: 0,
    from: 0,
    to: 0,
  };
  const tree: Tree = {
    root,
    metas: [],
    links: [],
    titles: [],
    h1s: [],
    times: [],
    marked: [],
    authors: [],
    jsonLd: [],
    elements: 0,
    truncated: html.length > MAX_HTML_LENGTH,
  };
  let current = root;
  /** The skipped element we are in, if any. */
  let skipping: TreeNode | undefined;
  let inJsonLd = false;
  let jsonLd = '';

  const parser: BoundedParser = new BoundedParser(
    {
      onopentagname(tag) {
        if (tree.elements >= MAX_ELEMENTS) {
          tree.truncated = true;
          parser.pause();
          return;
        }
        tree.elements++;
        const node: TreeNode = {
          tag,
          parent: current,
          children: [],
          attrs: NO_ATTRIBUTES,
          hasRare: false,
          depth: current.depth + 1,
          from: 0,
          to: 0,
        };
        if (!skipping) {
          if (tag === 'meta') tree.metas.push(node);
          else if (tag === 'link') tree.links.push(node);
          else if (tag === 'title') tree.titles.push(node);
          else if (tag === 'h1') tree.h1s.push(node);
          else if (tag === 'time') tree.times.push(node);
          else if (SKIPPED_CONTENT.has(tag)) skipping = node;
          if (tag !== 'script' && tag !== 'style') current.children.push(node);
        } else if (tag === 'img' && skipping.tag === 'noscript') skipping.children.push(node);
        current = node;
        parser.depth = node.depth;
        parser.opening = true;
        inJsonLd = false;
      },
      onattribute(name, raw) {
        if (KEPT_ATTRIBUTES.has(name) && current.attrs[name] === undefined) {
          const value = raw.includes('&') ? decodeHTMLAttribute(raw) : raw;
          if (current.attrs === NO_ATTRIBUTES) current.attrs = { [name]: value };
          else (current.attrs as Record<string, string>)[name] = value;
          if (RARE_ATTRIBUTES.has(name)) current.hasRare = true;
          if (!skipping && current.tag !== 'meta' && current.tag !== 'link') {
            if (name === 'itemprop') tree.marked.push(current);
            if (
              (name === 'itemprop' && /\bauthor\b/i.test(value)) ||
              (name === 'rel' && /\bauthor\b/i.test(value)) ||
              (name === 'href' && current.tag === 'a' && value.length < 300 && AUTHOR_PAGE.test(value))
            ) {
              if (tree.authors[tree.authors.length - 1] !== current) tree.authors.push(current);
            }
          }
          if (name === 'type' && current.tag === 'script') inJsonLd = value.toLowerCase().includes('ld+json');
        }
      },
      ontext(raw) {
        if (skipping) {
          if (inJsonLd) jsonLd += raw;
          return;
        }
        const data = raw.includes('&') && current.tag !== 'xmp' ? decodeHTML(raw) : raw;
        const { children } = current;
        const last = children.length - 1;
        if (typeof children[last] === 'string') children[last] += data;
        else children.push(data);
      },
      onclosetag() {
        parser.opening = false;
        if (current === skipping) {
          skipping = undefined;
          if (inJsonLd && jsonLd) tree.jsonLd.push(jsonLd);
          jsonLd = '';
          inJsonLd = false;
        }
        current = current.parent ?? root;
        parser.depth = current.depth;
      },
    },
    // Most text is script and most attributes are not kept: entities are decoded where they count.
    { decodeEntities: false },
  );
  parser.write(tree.truncated ? html.slice(0, MAX_HTML_LENGTH) : html);
  parser.end();
  return tree;
}
