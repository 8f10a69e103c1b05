import { Buffer } from 'node:buffer';
import { decodeHTMLAttribute } from 'entities';
import { hashOf, NameTable } from './name-table.ts';
import { PageSource } from './page-source.ts';
import { type MarkupHandler, scanMarkup } from './scan-markup.ts';
import { KIND_OF_TAG, kindOfTag, plainKind, type TagKind } from './tags.ts';

/** A class attribute or an id as it stands. Elements of one page that say the same share one object. */
export class ElementName {
  readonly text: string;
  /** Memo of hintsOfName; -1 while not asked for. */
  hints = -1;

  constructor(text: string) {
    this.text = text;
  }
}
const NO_NAME = new ElementName('');

interface Attribute {
  readonly name: string;
  readonly value: string;
  readonly next: Attribute | undefined;
}

/** An element of the page. */
export class TreeNode {
  readonly kind: TagKind;
  readonly tag: string;
  readonly parent: TreeNode | undefined;
  readonly depth: number;
  /** Children in document order, each with the one that follows it. */
  first: Child | undefined = undefined;
  last: Child | undefined = undefined;
  next: Child | undefined = undefined;
  className: ElementName = NO_NAME;
  id: ElementName = NO_NAME;
  private others: Attribute | undefined = undefined;
  /** Has one of RARE_ATTRIBUTES: the others need not be asked for them. */
  hasRare = false;
  /** Blocks `from` (inclusive) to `to` (exclusive) hold the text of this element; set by collectBlocks. */
  from = 0;
  to = 0;

  constructor(kind: TagKind, parent: TreeNode | undefined) {
    this.kind = kind;
    this.tag = kind.tag;
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  append(child: Child): void {
    if (this.last) this.last.next = child;
    else this.first = child;
    this.last = child;
  }

  children(): Child[] {
    const all: Child[] = [];
    for (let child = this.first; child; child = child.next) all.push(child);
    return all;
  }

  /** The value of an attribute, of those extraction reads (see KEPT_ATTRIBUTES). */
  get(name: string): string | undefined {
    if (name === 'class') return this.className === NO_NAME ? undefined : this.className.text;
    if (name === 'id') return this.id === NO_NAME ? undefined : this.id.text;
    for (let attribute = this.others; attribute; attribute = attribute.next)
      if (attribute.name === name) return attribute.value;
    return undefined;
  }

  /** Without effect on one that is set: the first of two counts. */
  set(name: string, value: string): void {
    if (this.get(name) === undefined) this.others = { name, value, next: this.others };
  }
}

/** The element that follows in document order within `root`; what is in this one is left out unless it `enters`. */
export function elementAfter(node: TreeNode, root: TreeNode, enters = true): TreeNode | undefined {
  const inside = enters ? firstElement(node.first) : undefined;
  if (inside) return inside;
  for (let at: TreeNode | undefined = node; at && at !== root; at = at.parent) {
    const behind = firstElement(at.next);
    if (behind) return behind;
  }
  return undefined;
}

function firstElement(child: Child | undefined): TreeNode | undefined {
  let at = child;
  while (at instanceof TextNode) at = at.next;
  return at;
}

/** Text between two tags. */
export class TextNode {
  readonly source: PageSource;
  readonly from: number;
  readonly to: number;
  /** The text where it is not just what stands there with its entities decoded. */
  own: string | undefined;
  next: Child | undefined = undefined;

  constructor(source: PageSource, from: number, to: number, own: string | undefined) {
    this.source = source;
    this.from = from;
    this.to = to;
    this.own = own;
  }

  get text(): string {
    return this.own ?? this.source.text(this.from, this.to);
  }
}

export type Child = TreeNode | TextNode;

export interface Tree {
  root: TreeNode;
  /** Elements that sit anywhere and are read for metadata, in document order. */
  metas: TreeNode[];
  links: TreeNode[];
  titles: TreeNode[];
  /** `<a>` with an address. */
  anchors: TreeNode[];
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
/** Bytes of UTF-8 read; the rest is ignored with a warning. */
export const MAX_HTML_LENGTH = 20_000_000;

const words = (text: string): string[] => text.split(' ');
const RARE_ATTRIBUTES = words(
  'hidden style role itemprop aria-hidden data-testid data-component data-qa data-module data-type',
);
/** Attributes that scripts make a shown date of, where they hold a day, a moment, or seconds or milliseconds since 1970. */
const DATE_ATTRIBUTES = words('data-timestamp data-time data-date data-datetime data-published');
const DATE_VALUE = /^\s*(?:(?:19|20)\d\d-\d\d-\d\d|\d{10}(?:\d{3})?\s*$)/;

/** What becomes of an attribute. */
interface AttributeKind {
  name: string;
  isRare: boolean;
  isDate: boolean;
}
const KEPT_ATTRIBUTES: NameTable<AttributeKind> = NameTable.of(
  [
    ...words(
      'class id property name content href src rel type datetime itemtype lang dir title alt charset http-equiv pubdate data-src srcset ' +
        'data-srcset data-name aria-label width height colspan rowspan value',
    ),
    ...RARE_ATTRIBUTES,
    ...DATE_ATTRIBUTES,
  ].map((name) => [name, { name, isRare: RARE_ATTRIBUTES.includes(name), isDate: DATE_ATTRIBUTES.includes(name) }]),
);

const AUTHOR_PAGE =
  /\/(?:authors?|autore?s?|autor(?:en)?|auteurs?|writers?|columnists?|reporters?|journalists?|contributors?|people|profile|by|staff|avtor|yazar(?:lar)?)\/[^/?#]/i;

/** Parses a page, as text or as well-formed UTF-8, in one pass into a light tree, in time linear in its length. Never throws. */
export function parseTree(html: string | Uint8Array): Tree {
  const utf8 = typeof html === 'string' ? Buffer.from(html) : html;
  const read = beginning(utf8);
  const builder = new TreeBuilder(new PageSource(read));
  if (read.length < utf8.length) builder.tree.truncated = true;
  return builder.build();
}

/** Whole characters, MAX_HTML_LENGTH bytes at most. */
function beginning(utf8: Uint8Array): Uint8Array {
  let end = Math.min(utf8.length, MAX_HTML_LENGTH);
  const isContinued = () => end < utf8.length && ((utf8[end] as number) & 0xc0) === 0x80;
  while (isContinued()) end--;
  return utf8.subarray(0, end);
}

class TreeBuilder implements MarkupHandler {
  readonly tree: Tree;
  isFull = false;
  private readonly source: PageSource;
  private readonly root = new TreeNode(plainKind('#root'), undefined);
  private current = this.root;
  /** The element just opened has no content. */
  private isEmpty = false;
  /** The skipped element we are in, if any. */
  private skipping: TreeNode | undefined;
  private inJsonLd = false;
  private jsonLd = '';
  /** Whether SVG and MathML elements, and those of HTML in them, surround the current place, the innermost last. */
  private readonly foreign: boolean[] = [false];
  private readonly names = new NameTable<ElementName>(512);

  constructor(source: PageSource) {
    this.source = source;
    this.tree = {
      root: this.root,
      metas: [],
      links: [],
      titles: [],
      anchors: [],
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
    scanMarkup(this.source, this);
    while (this.current !== this.root) this.close();
    return this.tree;
  }

  openTag(bytes: Uint8Array, from: number, to: number, hash: number): boolean {
    return this.open(KIND_OF_TAG.find(bytes, from, to, hash) ?? plainKind(nameIn(bytes, from, to)));
  }

  private open(kind: TagKind): boolean {
    const { tree } = this;
    if (tree.elements >= MAX_ELEMENTS) {
      tree.truncated = true;
      this.isFull = true;
      return false;
    }
    tree.elements++;
    if (kind.ends !== 0) while ((kind.ends & this.current.kind.bit) !== 0) this.close();
    this.isEmpty = kind.isVoid || this.current.depth >= MAX_DEPTH;
    if (kind.foreign !== undefined && !this.isEmpty) this.foreign.push(kind.foreign);
    const node = new TreeNode(kind, this.current);
    if (this.skipping === undefined) this.place(node, kind);
    else if (kind.tag === 'img' && this.skipping.tag === 'noscript') this.skipping.append(node);
    this.current = node;
    this.inJsonLd = false;
    return kind.isRaw;
  }

  private place(node: TreeNode, { tag, isSkipped }: TagKind): void {
    const { tree } = this;
    if (tag === 'meta') tree.metas.push(node);
    else if (tag === 'link') tree.links.push(node);
    else if (tag === 'title') tree.titles.push(node);
    else if (tag === 'h1') tree.h1s.push(node);
    else if (tag === 'time' || tag === 'abbr') tree.times.push(node);
    else if (isSkipped) this.skipping = node;
    if (tag !== 'script' && tag !== 'style') this.current.append(node);
  }

  attribute(bytes: Uint8Array, nameFrom: number, nameTo: number, hash: number, from: number, to: number): void {
    const kind = KEPT_ATTRIBUTES.find(bytes, nameFrom, nameTo, hash);
    if (kind === undefined) return;
    const { current } = this;
    if (kind.name === 'class') {
      if (current.className === NO_NAME) current.className = this.nameOf(from, to);
    } else if (kind.name === 'id') {
      if (current.id === NO_NAME) current.id = this.nameOf(from, to);
    } else this.keep(kind, from, to);
  }

  /** Class names repeat, on some pages thousands of times. */
  private nameOf(from: number, to: number): ElementName {
    const { names, source } = this;
    const hash = hashOf(source.bytes, from, to);
    let name = names.find(source.bytes, from, to, hash);
    if (name === undefined) {
      name = new ElementName(this.valueOf(from, to));
      names.add(source.bytes, from, to, hash, name);
    }
    return name;
  }

  private valueOf(from: number, to: number): string {
    const value = this.source.slice(from, to);
    return value.includes('&') ? decodeHTMLAttribute(value) : value;
  }

  private keep({ name, isRare, isDate }: AttributeKind, from: number, to: number): void {
    const { current, tree } = this;
    const { tag } = current;
    // Of form fields it is of no use.
    if ((name === 'value' && tag !== 'meta') || current.get(name) !== undefined) return;
    const value = this.valueOf(from, to);
    current.set(name, value);
    if (isRare) current.hasRare = true;
    if (name === 'type' && tag === 'script') this.inJsonLd = value.toLowerCase().includes('ld+json');
    if (this.skipping || tag === 'meta' || tag === 'link') return;
    if (name === 'href' && tag === 'a' && value !== '') tree.anchors.push(current);
    if (name === 'itemprop') tree.marked.push(current);
    if (isDate && tag !== 'time' && DATE_VALUE.test(value)) {
      current.set('datetime', value);
      tree.times.push(current);
    }
    if (namesAuthor(name, value, tag) && tree.authors[tree.authors.length - 1] !== current) tree.authors.push(current);
  }

  endOpenTag(selfClosing: boolean): void {
    if (this.isEmpty || (selfClosing && this.foreign[this.foreign.length - 1] === true)) this.close();
  }

  text(from: number, to: number): void {
    const { current, source } = this;
    if (this.skipping) {
      if (this.inJsonLd) this.jsonLd += source.slice(from, to);
      return;
    }
    const own = current.tag === 'xmp' ? source.slice(from, to) : undefined;
    const { last } = current;
    if (last instanceof TextNode) last.own = last.text + (own ?? source.text(from, to));
    else current.append(new TextNode(source, from, to, own));
  }

  closeTag(bytes: Uint8Array, from: number, to: number, hash: number): void {
    const known = KIND_OF_TAG.find(bytes, from, to, hash);
    this.closeElement(known ? known.tag : nameIn(bytes, from, to), known);
  }

  private closeElement(name: string, kind: TagKind | undefined): void {
    if (kind?.foreign !== undefined) this.foreign.pop();
    if (kind?.isVoid || this.current.depth >= MAX_DEPTH) {
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

  private openAndClose(tag: string): void {
    this.open(kindOfTag(tag));
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

function nameIn(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
}

function namesAuthor(name: string, value: string, tag: string): boolean {
  if (name === 'itemprop' || name === 'rel') return /\bauthor\b/i.test(value);
  return name === 'href' && tag === 'a' && value.length < 300 && AUTHOR_PAGE.test(value);
}
