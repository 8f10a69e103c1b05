import { decodeHTML, decodeHTMLAttribute } from 'entities';
import { type MarkupHandler, scanMarkup } from './scan-markup.ts';

/** Of all elements without children or attributes, which are half of them. */
const NO_CHILDREN: readonly (TreeNode | string)[] = [];

/** An element of the page. Text sits among the children as plain strings, entities decoded, runs of blanks as one. */
export class TreeNode {
  readonly tag: string;
  readonly parent: TreeNode | undefined;
  children: readonly (TreeNode | string)[] = NO_CHILDREN;
  /** Only the attributes extraction reads (see KEPT_ATTRIBUTES). */
  attrs: Readonly<Attributes> = NO_ATTRIBUTES;
  /** Has one of RARE_ATTRIBUTES: the others need not be asked for them. */
  hasRare = false;
  readonly depth: number;
  /** Blocks `from` (inclusive) to `to` (exclusive) hold the text of this element; set by collectBlocks. */
  from = 0;
  to = 0;

  constructor(tag: string, parent: TreeNode | undefined) {
    this.tag = tag;
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  append(child: TreeNode | string): void {
    // An array written with its only element takes a tenth of the memory of one that is grown.
    if (this.children === NO_CHILDREN) this.children = [child];
    else (this.children as (TreeNode | string)[]).push(child);
  }
}

/** Attributes by name. The two of most elements come first, so that they are found in one place. */
class Attributes {
  class: string | undefined = undefined;
  id: string | undefined = undefined;
  [name: string]: string | undefined;
}
const NO_ATTRIBUTES: Readonly<Attributes> = new Attributes();

export interface Tree {
  root: TreeNode;
  /** Elements that sit anywhere and are read for metadata, in document order. */
  metas: TreeNode[];
  links: TreeNode[];
  titles: TreeNode[];
  h1s: TreeNode[];
  /** `<time>`, `<abbr>` and elements with a date in one of DATE_ATTRIBUTES. */
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

/** Deeper elements are laid flat into their ancestor at this depth, as browsers do (Chrome: 512). Bounds the search for what an end tag closes. */
export const MAX_DEPTH = 512;
/** Real news pages hold up to some 30,000 elements. */
export const MAX_ELEMENTS = 120_000;
/** UTF-16 code units of markup read; the rest is ignored with a warning. */
export const MAX_HTML_LENGTH = 20_000_000;

/** To the names themselves: written in our own code, they are compared and hashed faster than as parts of the page. */
const KEPT_ATTRIBUTES = new Map(
  (
    'class id itemprop itemtype property name content href src rel type datetime hidden style aria-hidden role lang dir title alt ' +
    'charset http-equiv pubdate data-src srcset data-srcset data-testid data-component data-qa data-type data-name data-module ' +
    'aria-label width height colspan rowspan value data-timestamp data-time data-date data-datetime data-published'
  )
    .split(' ')
    .map((name) => [name, name]),
);

const RARE_ATTRIBUTES = new Set(
  'hidden style role itemprop aria-hidden data-testid data-component data-qa data-module data-type'.split(' '),
);

/** Attributes that scripts make a shown date of, where they hold a day, a moment, or seconds or milliseconds since 1970. */
const DATE_ATTRIBUTES = new Set('data-timestamp data-time data-date data-datetime data-published'.split(' '));
const DATE_VALUE = /^\s*(?:(?:19|20)\d\d-\d\d-\d\d|\d{10}(?:\d{3})?\s*$)/;

const AUTHOR_PAGE =
  /\/(?:authors?|autore?s?|autor(?:en)?|auteurs?|writers?|columnists?|reporters?|journalists?|contributors?|people|profile|by|staff|avtor|yazar(?:lar)?)\/[^/?#]/i;

/** What the parser must know of a tag. */
interface TagTraits {
  tag: string;
  /** Has no content and no end tag. */
  isVoid: boolean;
  /** All is text up to the end tag. */
  isRaw: boolean;
  /** The content is never article text. */
  isSkipped: boolean;
  /** Open elements that a start tag ends. */
  ends: ReadonlySet<string> | undefined;
  /** For SVG and MathML true, for elements in them that hold HTML false. */
  foreign: boolean | undefined;
}

const words = (text: string): string[] => text.split(' ');
const VOID = words(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr',
);
const RAW = words('script style title textarea xmp');
const SKIPPED = words(
  'script style noscript template svg iframe object embed select button textarea input canvas audio video map applet datalist ' +
    'noembed noframes frame frameset amp-ad amp-sticky-ad',
);
/** Start tags that end an open element of their parent (WHATWG HTML 13.1.2.4, and as browsers do): tags, then what they end. */
const ENDS: [string[], string[]][] = [
  [
    words(
      'address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p ' +
        'pre section table ul',
    ),
    ['p'],
  ],
  [['li'], ['li']],
  [words('dd dt'), words('dd dt')],
  [words('rt rp'), words('rt rp')],
  [['tr'], words('tr th td')],
  [['th'], ['th']],
  [['td'], words('thead th td')],
  [words('tbody tfoot'), words('thead tbody')],
  [['body'], words('head link script')],
  [['option'], ['option']],
  [['optgroup'], words('optgroup option')],
  [
    words('select input output button datalist textarea'),
    words('input option optgroup select button datalist textarea'),
  ],
];
const FOREIGN = words('svg math');
const HTML_IN_FOREIGN = words('mi mo mn ms mtext annotation-xml foreignobject desc title');

const TRAITS_OF_TAG: ReadonlyMap<string, TagTraits> = tagTraits();

function tagTraits(): Map<string, TagTraits> {
  const all = new Map<string, TagTraits>();
  const traitsOf = (tag: string): TagTraits => {
    const traits = all.get(tag) ?? plainTraits(tag);
    all.set(tag, traits);
    return traits;
  };
  for (const tag of VOID) traitsOf(tag).isVoid = true;
  for (const tag of RAW) traitsOf(tag).isRaw = true;
  for (const tag of SKIPPED) traitsOf(tag).isSkipped = true;
  for (const [tags, ended] of ENDS) for (const tag of tags) traitsOf(tag).ends = new Set(ended);
  for (const tag of FOREIGN) traitsOf(tag).foreign = true;
  for (const tag of HTML_IN_FOREIGN) traitsOf(tag).foreign = false;
  for (const tag of words('html head time span a b strong i em u s small sub sup picture figure label center font'))
    traitsOf(tag);
  return all;
}

function plainTraits(tag: string): TagTraits {
  return { tag, isVoid: false, isRaw: false, isSkipped: false, ends: undefined, foreign: undefined };
}

/** Parses a page in one pass into a light tree, in time linear in its length. Never throws. */
export function parseTree(html: string): Tree {
  const isTooLong = html.length > MAX_HTML_LENGTH;
  const builder = new TreeBuilder(isTooLong ? html.slice(0, MAX_HTML_LENGTH) : html);
  if (isTooLong) builder.tree.truncated = true;
  return builder.build();
}

class TreeBuilder implements MarkupHandler {
  readonly tree: Tree;
  isFull = false;
  private readonly html: string;
  private readonly root = new TreeNode('#root', undefined);
  private current = this.root;
  private traits = plainTraits('#root');
  /** The skipped element we are in, if any. */
  private skipping: TreeNode | undefined;
  private inJsonLd = false;
  private jsonLd = '';
  /** Whether SVG and MathML elements, and those of HTML in them, surround the current place, the innermost last. */
  private readonly foreign: boolean[] = [false];

  constructor(html: string) {
    this.html = html;
    this.tree = {
      root: this.root,
      metas: [],
      links: [],
      titles: [],
      h1s: [],
      times: [],
      marked: [],
      authors: [],
      jsonLd: [],
      elements: 0,
      truncated: false,
    };
  }

  build(): Tree {
    scanMarkup(this.html, this);
    while (this.current !== this.root) this.close();
    return this.tree;
  }

  openTag(name: string): boolean {
    return this.open(TRAITS_OF_TAG.get(name) ?? plainTraits(name));
  }

  private open(traits: TagTraits): boolean {
    const { tree } = this;
    if (tree.elements >= MAX_ELEMENTS) {
      tree.truncated = true;
      this.isFull = true;
      return false;
    }
    tree.elements++;
    if (traits.ends) while (traits.ends.has(this.current.tag)) this.close();
    this.traits = this.current.depth >= MAX_DEPTH ? { ...traits, isVoid: true } : traits;
    if (traits.foreign !== undefined && !this.traits.isVoid) this.foreign.push(traits.foreign);
    const { tag } = traits;
    const node = new TreeNode(tag, this.current);
    if (!this.skipping) {
      if (tag === 'meta') tree.metas.push(node);
      else if (tag === 'link') tree.links.push(node);
      else if (tag === 'title') tree.titles.push(node);
      else if (tag === 'h1') tree.h1s.push(node);
      else if (tag === 'time' || tag === 'abbr') tree.times.push(node);
      else if (traits.isSkipped) this.skipping = node;
      if (tag !== 'script' && tag !== 'style') this.current.append(node);
    } else if (tag === 'img' && this.skipping.tag === 'noscript') this.skipping.append(node);
    this.current = node;
    this.inJsonLd = false;
    return traits.isRaw;
  }

  attribute(raw: string, from: number, to: number): void {
    const name = KEPT_ATTRIBUTES.get(raw);
    const { current } = this;
    if (name === undefined || current.attrs[name] !== undefined) return;
    // Of form fields it is of no use.
    if (name === 'value' && current.tag !== 'meta') return;
    const value = this.html.slice(from, to);
    this.keep(name, value.includes('&') ? decodeHTMLAttribute(value) : value);
  }

  private keep(name: string, value: string): void {
    const { current, tree } = this;
    if (current.attrs === NO_ATTRIBUTES) current.attrs = new Attributes();
    (current.attrs as Attributes)[name] = value;
    if (RARE_ATTRIBUTES.has(name)) current.hasRare = true;
    if (!this.skipping && current.tag !== 'meta' && current.tag !== 'link') {
      if (name === 'itemprop') tree.marked.push(current);
      if (DATE_ATTRIBUTES.has(name) && DATE_VALUE.test(value) && current.tag !== 'time') {
        (current.attrs as Attributes).datetime ??= value;
        tree.times.push(current);
      }
      if (
        (name === 'itemprop' && /\bauthor\b/i.test(value)) ||
        (name === 'rel' && /\bauthor\b/i.test(value)) ||
        (name === 'href' && current.tag === 'a' && value.length < 300 && AUTHOR_PAGE.test(value))
      ) {
        if (tree.authors[tree.authors.length - 1] !== current) tree.authors.push(current);
      }
    }
    if (name === 'type' && current.tag === 'script') this.inJsonLd = value.toLowerCase().includes('ld+json');
  }

  endOpenTag(selfClosing: boolean): void {
    const { isVoid } = this.traits;
    if (isVoid || (selfClosing && this.foreign[this.foreign.length - 1] === true)) this.close();
  }

  text(from: number, to: number): void {
    if (this.skipping) {
      if (this.inJsonLd) this.jsonLd += this.html.slice(from, to);
      return;
    }
    const { current } = this;
    const raw = this.html.slice(from, to);
    const data = raw.includes('&') && current.tag !== 'xmp' ? decodeHTML(raw) : raw;
    const { children } = current;
    const last = children.length - 1;
    if (typeof children[last] === 'string') (children as (TreeNode | string)[])[last] += data;
    else current.append(data);
  }

  closeTag(name: string): void {
    const { isVoid, foreign } = TRAITS_OF_TAG.get(name) ?? plainTraits(name);
    if (foreign !== undefined) this.foreign.pop();
    if (isVoid || this.current.depth >= MAX_DEPTH) {
      if (name === 'br') this.openAndClose('br');
      return;
    }
    for (let node: TreeNode | undefined = this.current; node; node = node.parent) {
      if (node.tag !== name) continue;
      while (this.current !== node) this.close();
      this.close();
      return;
    }
    // As browsers do: an end tag alone is an empty paragraph.
    if (name === 'p') this.openAndClose('p');
  }

  private openAndClose(name: string): void {
    this.openTag(name);
    if (!this.isFull) this.close();
  }

  private close(): void {
    const { current } = this;
    if (current === this.skipping) {
      this.skipping = undefined;
      if (this.inJsonLd && this.jsonLd) this.tree.jsonLd.push(this.jsonLd);
      this.jsonLd = '';
      this.inJsonLd = false;
    }
    this.current = current.parent ?? this.root;
  }
}
