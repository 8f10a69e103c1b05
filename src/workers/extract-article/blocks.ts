import { BLANK, COLLAPSED, COMMA, DIGIT, STOP, SURROGATE, UNIT_FLAGS, UPPER } from './characters.ts';
import { HINT_INDEX, HINTS, hintsOf, isHidden } from './hints.ts';
import { fold, matchPhrase, type PhraseMatch } from './phrases.ts';
import type { TreeNode } from './tree.ts';

/** A run of text between two block boundaries: a paragraph, heading, list item, table cell, caption or line of a `<br>` text. */
export interface Block {
  index: number;
  /** White space collapsed, trimmed, never empty. */
  text: string;
  /** Nearest block-level element. */
  node: TreeNode;
  /** Starts after a single `<br>` inside the element of the block before. */
  afterBreak: boolean;
  /** Starts after two or more `<br>`. */
  afterGap: boolean;
  /** UTF-16 code units of text without spaces. */
  chars: number;
  /** Runs between spaces. */
  words: number;
  linkChars: number;
  links: number;
  /** Begins or ends in a link. */
  linkFirst: boolean;
  linkLast: boolean;
  boldChars: number;
  italicChars: number;
  /** Sentence marks of any script, and commas. */
  stops: number;
  commas: number;
  digits: number;
  uppers: number;
  /** Flags of all its characters together (see UNIT_FLAGS). */
  flags: number;
  endsSentence: boolean;
  /** Images passed since the block before. */
  imagesBefore: number;
  /** Per hint (HINTS order): levels up to the nearest ancestor-or-self that gives it, or -1. */
  hintDistance: number[];
  /** Nearest ancestor of a kind that decides the paragraph's type. */
  quote: TreeNode | undefined;
  item: TreeNode | undefined;
  figure: TreeNode | undefined;
  cell: TreeNode | undefined;
  article: TreeNode | undefined;
  hidden: boolean;
  /** Memo of `foldedStart` and `phraseOf`. */
  folded: string | undefined;
  phrase: PhraseMatch | null | undefined;
  /** Only when asked for: the text with its mark-up, and the images passed since the block before. */
  segments: Segment[] | undefined;
  images: ImageSource[] | undefined;
}

/** A stretch of text with one set of inline marks. */
export interface Segment {
  text: string;
  href?: string;
  bold: boolean;
  italic: boolean;
}

export interface ImageSource {
  src: string;
  alt: string;
}

const BLOCK_TAGS = new Set(
  (
    'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hgroup hr html legend li main menu nav ol p pre section summary table caption tbody td tfoot th thead tr ul amp-img'
  ).split(' '),
);
const NO_TEXT = new Set(
  'head title meta link script style noscript template svg iframe object embed select button textarea input canvas audio video map'.split(
    ' ',
  ),
);

/** The longest real pages (live blogs with comments) have some 5,000; what follows is left out. */
export const MAX_BLOCKS = 15_000;

const SENTENCE_MARKS = '.!?…:;。！？؟۔।॥‥։፡။៕';
const CLOSING_MARKS = '"\'”’»›)]」』';

function endsWithMark(text: string): boolean {
  let end = text.length - 1;
  while (end >= 0 && CLOSING_MARKS.includes(text.charAt(end))) end--;
  return end >= 0 && SENTENCE_MARKS.includes(text.charAt(end));
}

/** The nearest elements around the current place that say what its text is. */
type Within = Record<
  'link' | 'bold' | 'italic' | 'quote' | 'item' | 'figure' | 'cell' | 'article',
  TreeNode | undefined
>;
const ROLE_OF_TAG = new Map<string, keyof Within>([
  ['a', 'link'],
  ['b', 'bold'],
  ['strong', 'bold'],
  ['i', 'italic'],
  ['em', 'italic'],
  ['blockquote', 'quote'],
  ['q', 'quote'],
  ['li', 'item'],
  ['dd', 'item'],
  ['dt', 'item'],
  ['figure', 'figure'],
  ['figcaption', 'figure'],
  ['td', 'cell'],
  ['th', 'cell'],
  ['article', 'article'],
]);

/** What the walk must know of a tag. */
interface TagTraits {
  isBlock: boolean;
  noText: boolean;
  isImage: boolean;
  role: keyof Within | undefined;
}
const PLAIN: TagTraits = { isBlock: false, noText: false, isImage: false, role: undefined };
const IMAGE_TAGS = new Set(['img', 'amp-img', 'video', 'iframe']);
const TRAITS_OF_TAG = new Map<string, TagTraits>(
  [...BLOCK_TAGS, ...NO_TEXT, ...IMAGE_TAGS, ...ROLE_OF_TAG.keys()].map((tag) => [
    tag,
    {
      isBlock: BLOCK_TAGS.has(tag),
      noText: NO_TEXT.has(tag),
      isImage: IMAGE_TAGS.has(tag),
      role: ROLE_OF_TAG.get(tag),
    },
  ]),
);

interface CollectOptions {
  /** Also collect `segments` and `images`. */
  markup?: boolean;
  /** Gets a line when text was left out. */
  warnings?: string[];
}

/** All blocks of the page in document order, from one walk. */
export function collectBlocks(root: TreeNode, opts: CollectOptions = {}): Block[] {
  const collector = new BlockCollector(root, opts.markup === true);
  collector.collect();
  if (collector.truncated)
    opts.warnings?.push(`the page has more than ${MAX_BLOCKS} blocks of text: the rest was left out`);
  return collector.blocks;
}

class BlockCollector {
  readonly blocks: Block[] = [];
  truncated = false;
  private readonly root: TreeNode;
  private readonly markup: boolean;
  /** Depth at which each hint was last given on the current path, or -1. */
  private readonly hintDepth: number[] = new Array(HINTS.length).fill(-1);
  /** Hints overwritten on the way down and the depths they had, to be put back on the way up. */
  private readonly overwritten: number[] = [];
  /** Nearest block element around the current place. */
  private holder: TreeNode;
  private hidden = false;
  private readonly within: Within = {
    link: undefined,
    bold: undefined,
    italic: undefined,
    quote: undefined,
    item: undefined,
    figure: undefined,
    cell: undefined,
    article: undefined,
  };

  /** Of the run of text since the last flush. */
  private raw = '';
  private segments: Segment[] = [];
  /** Code units without spaces. */
  private chars = 0;
  private linkChars = 0;
  private links = 0;
  private linkFirst = false;
  private linkLast = false;
  private boldChars = 0;
  private italicChars = 0;
  /** Inline elements with hints in it. */
  private inlineHints: { bits: number; chars: number }[] = [];
  private flushes = 0;

  /** Since the last block. */
  private breaks = 0;
  private images = 0;
  private imageSources: ImageSource[] = [];
  private lastNode: TreeNode | undefined;

  constructor(root: TreeNode, markup: boolean) {
    this.root = root;
    this.holder = root;
    this.markup = markup;
  }

  collect(): void {
    this.walk(this.root);
    this.flush();
    this.root.to = this.blocks.length;
  }

  private walk({ children }: TreeNode): void {
    for (let i = 0; i < children.length; i++) {
      const child = children[i] as TreeNode | string;
      if (typeof child === 'string') this.addText(child);
      else this.visit(child);
    }
  }

  private visit(node: TreeNode): void {
    const { tag } = node;
    if (tag === 'br') {
      this.flush();
      this.breaks++;
      return;
    }
    const { isBlock, noText, isImage, role } = TRAITS_OF_TAG.get(tag) ?? PLAIN;
    if (isImage) this.addImage(node);
    if (noText) return;
    const isHiddenItself = isHidden(node);
    // Classes of the whole page ("has-sidebar") say nothing about a block.
    const bits = tag === 'html' || tag === 'body' ? 0 : hintsOf(node) | (isHiddenItself ? 1 << HINT_INDEX.hidden : 0);
    const { holder, hidden, within } = this;
    if (isBlock) {
      this.flush();
      this.breaks = 0;
      this.holder = node;
    }
    const roleBefore = role && within[role];
    if (role) within[role] = node;
    if (role === 'link') this.links++;
    if (isHiddenItself) this.hidden = true;
    const mark = this.overwritten.length;
    if (bits !== 0) this.giveHints(bits);
    const { chars, flushes } = this;
    node.from = this.blocks.length;
    this.walk(node);
    if (isBlock) {
      this.flush();
      this.breaks = 0;
    } else if (bits !== 0 && flushes === this.flushes) {
      this.inlineHints.push({ bits, chars: this.chars - chars });
    }
    node.to = this.blocks.length;
    if (bits !== 0) this.takeHintsBack(mark);
    this.holder = holder;
    this.hidden = hidden;
    if (role) within[role] = roleBefore;
  }

  private giveHints(bits: number): void {
    const { overwritten, hintDepth, holder } = this;
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const h = 31 - Math.clz32(rest & -rest);
      overwritten.push(h, hintDepth[h] as number);
      hintDepth[h] = holder.depth;
    }
  }

  private takeHintsBack(mark: number): void {
    const { overwritten, hintDepth } = this;
    while (overwritten.length > mark) {
      const depth = overwritten.pop() as number;
      hintDepth[overwritten.pop() as number] = depth;
    }
  }

  private addImage(node: TreeNode): void {
    this.images++;
    const src = this.markup && node.tag.endsWith('img') ? imageAddress(node) : undefined;
    if (src) this.imageSources.push({ src, alt: node.attrs.alt ?? '' });
  }

  private addText(text: string): void {
    const n = countNonSpace(text);
    if (n === 0 && this.raw === '') return;
    this.raw += text;
    const { link, bold, italic } = this.within;
    if (this.markup)
      this.segments.push({ text, href: link?.attrs.href, bold: bold !== undefined, italic: italic !== undefined });
    if (n === 0) return;
    if (this.chars === 0) this.linkFirst = link !== undefined;
    this.linkLast = link !== undefined;
    this.chars += n;
    if (link) this.linkChars += n;
    if (bold) this.boldChars += n;
    if (italic) this.italicChars += n;
  }

  private flush(): void {
    // Most runs between two block boundaries are blank.
    if (this.chars > 0) this.addBlock();
    this.raw = '';
    if (this.segments.length > 0) this.segments = [];
    if (this.inlineHints.length > 0) this.inlineHints = [];
    this.linkChars = 0;
    this.links = 0;
    this.boldChars = 0;
    this.italicChars = 0;
    this.chars = 0;
    this.flushes++;
  }

  private addBlock(): void {
    const text = collapsed(this.raw);
    const counts = countCharacters(text);
    const { chars } = counts;
    if (chars === 0) return;
    const { blocks, holder, within, breaks } = this;
    if (blocks.length >= MAX_BLOCKS) {
      this.truncated = true;
      return;
    }
    blocks.push({
      index: blocks.length,
      text,
      node: holder,
      afterBreak: breaks === 1 && this.lastNode === holder,
      afterGap: breaks > 1,
      chars,
      words: counts.words,
      linkChars: Math.min(this.linkChars, chars),
      links: this.links,
      linkFirst: this.linkFirst,
      linkLast: this.linkLast,
      boldChars: Math.min(this.boldChars, chars),
      italicChars: Math.min(this.italicChars, chars),
      stops: counts.stops,
      commas: counts.commas,
      digits: counts.digits,
      uppers: counts.uppers,
      flags: counts.flags,
      endsSentence: endsWithMark(text),
      imagesBefore: this.images,
      hintDistance: this.hintDistances(chars),
      quote: within.quote,
      item: within.item,
      figure: within.figure,
      cell: within.cell,
      article: within.article,
      hidden: this.hidden,
      folded: undefined,
      phrase: undefined,
      segments: this.markup ? this.segments : undefined,
      images: this.markup ? this.imageSources : undefined,
    });
    if (this.markup) this.imageSources = [];
    this.breaks = 0;
    this.images = 0;
    this.lastNode = holder;
  }

  /** Of a block of so many characters. */
  private hintDistances(chars: number): number[] {
    const { hintDepth, holder } = this;
    const distances: number[] = new Array(HINTS.length);
    for (let h = 0; h < distances.length; h++) {
      const depth = hintDepth[h] as number;
      distances[h] = depth < 0 ? -1 : holder.depth - depth;
    }
    for (const inline of this.inlineHints) {
      if (inline.chars * 2 < chars) continue;
      for (let rest = inline.bits; rest !== 0; rest &= rest - 1) distances[31 - Math.clz32(rest & -rest)] = 0;
    }
    return distances;
  }
}

/** Text with its white space, NULs and signs of no width collapsed into single spaces, trimmed. */
function collapsed(raw: string): string {
  let before = SPACE;
  for (let i = 0; i < raw.length; i++) {
    const unit = raw.charCodeAt(i);
    const isSpace = unit === SPACE;
    const isClean = isSpace ? before !== SPACE : ((UNIT_FLAGS[unit] as number) & COLLAPSED) === 0;
    if (!isClean) return raw.replace(/[\s\u0000\u200b\ufeff\u2060]+/g, ' ').trim();
    before = unit;
  }
  // Most texts are clean but for a space at the end.
  return before === SPACE ? raw.slice(0, -1) : raw;
}
const SPACE = 32;

const EMBED_CLASS =
  /\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed|fb-post|mastodon-embed|reddit-card)\b/;

/** Text of an embedded post of a social network. */
export function isEmbedded({ quote }: Block): boolean {
  return quote?.attrs.class !== undefined && EMBED_CLASS.test(quote.attrs.class);
}

/** The real address of an image whose src may be a placeholder until a script runs. */
function imageAddress({ attrs }: TreeNode): string | undefined {
  for (const value of [attrs['data-src'], attrs.src, attrs.srcset, attrs['data-srcset']]) {
    const address = value?.trim().split(/[\s,]+(?=\S|$)/)[0];
    if (address && !address.startsWith('data:')) return address;
  }
  return undefined;
}

/** Code units of a block that are folded: enough for headlines and stock phrases. */
const FOLDED_START = 240;

/** The folded beginning of a block's text. */
export function foldedStart(block: Block): string {
  block.folded ??= fold(block.text.length > FOLDED_START ? block.text.slice(0, FOLDED_START) : block.text);
  return block.folded;
}

/** The stock phrase a block begins with. */
export function phraseOf(block: Block): PhraseMatch | undefined {
  if (block.phrase === undefined) block.phrase = matchPhrase(foldedStart(block)) ?? null;
  return block.phrase ?? undefined;
}

function countNonSpace(text: string): number {
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 32 && c !== 0xa0) n++;
  }
  return n;
}

function countCharacters(text: string) {
  let chars = 0;
  let words = 1;
  let digits = 0;
  let stops = 0;
  let commas = 0;
  let uppers = 0;
  let flags = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 32) words++;
    const unit = UNIT_FLAGS[c] as number;
    if (unit & BLANK) continue;
    flags |= unit;
    chars++;
    if (unit & UPPER) uppers++;
    else if (unit & DIGIT) digits++;
    else if (unit & STOP) stops++;
    else if (unit & COMMA) commas++;
  }
  if (flags & SURROGATE) uppers = text.match(/\p{Lu}/gu)?.length ?? 0;
  return { chars, words, digits, stops, commas, uppers, flags };
}
