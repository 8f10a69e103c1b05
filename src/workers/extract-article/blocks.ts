import { HINT_INDEX, HINTS, hintsOf, isHidden } from './hints.ts';
import { fold, matchPhrase, type PhraseMatch } from './phrases.ts';
import { NO_ROLE, ROLES } from './tags.ts';
import { TextRun } from './text-run.ts';
import { TextNode, type TreeNode } from './tree.ts';

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

/** The longest real pages (live blogs with comments) have some 5,000; what follows is left out. */
export const MAX_BLOCKS = 15_000;

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
  private readonly run: TextRun;
  /** Depth at which each hint was last given on the current path, or -1. */
  private readonly hintDepth: number[] = new Array(HINTS.length).fill(-1);
  /** Hints overwritten on the way down and the depths they had, to be put back on the way up. */
  private readonly overwritten: number[] = [];
  /** Nearest block element around the current place. */
  private holder: TreeNode;
  private hidden = false;
  /** Per role, the nearest element around the current place that has it. */
  private readonly within: (TreeNode | undefined)[] = new Array(Object.keys(ROLES).length).fill(undefined);

  /** Of the run of text since the last flush. */
  private segments: Segment[] = [];
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
    this.run = new TextRun();
  }

  collect(): void {
    this.walk(this.root);
    this.flush();
    this.root.to = this.blocks.length;
  }

  private walk(node: TreeNode): void {
    for (let child = node.first; child; child = child.next) {
      if (child instanceof TextNode) this.addText(child);
      else this.visit(child);
    }
  }

  private visit(node: TreeNode): void {
    const { kind } = node;
    if (kind.tag === 'br') {
      this.flush();
      this.breaks++;
      return;
    }
    if (kind.isImage) this.addImage(node);
    if (kind.isSilent) return;
    const isHiddenItself = isHidden(node);
    // Classes of the whole page ("has-sidebar") say nothing about a block.
    const bits = kind.isWhole ? 0 : hintsOf(node) | (isHiddenItself ? 1 << HINT_INDEX.hidden : 0);
    const { holder, hidden, within } = this;
    const { isBlock, role } = kind;
    if (isBlock) {
      this.flush();
      this.breaks = 0;
      this.holder = node;
    }
    const roleBefore = role === NO_ROLE ? undefined : within[role];
    if (role !== NO_ROLE) within[role] = node;
    if (role === ROLES.link) this.links++;
    if (isHiddenItself) this.hidden = true;
    const mark = this.overwritten.length;
    if (bits !== 0) this.giveHints(bits);
    const { flushes } = this;
    const { chars } = this.run;
    node.from = this.blocks.length;
    this.walk(node);
    if (isBlock) {
      this.flush();
      this.breaks = 0;
    } else if (bits !== 0 && flushes === this.flushes) {
      this.inlineHints.push({ bits, chars: this.run.chars - chars });
    }
    node.to = this.blocks.length;
    if (bits !== 0) this.takeHintsBack(mark);
    this.holder = holder;
    this.hidden = hidden;
    if (role !== NO_ROLE) within[role] = roleBefore;
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
    if (src) this.imageSources.push({ src, alt: node.get('alt') ?? '' });
  }

  private addText(node: TextNode): void {
    const { run, within } = this;
    const link = within[ROLES.link];
    const bold = within[ROLES.bold];
    const italic = within[ROLES.italic];
    const before = run.chars;
    run.add(node);
    const n = run.chars - before;
    if (run.chars === 0) return;
    if (this.markup)
      this.segments.push({
        text: node.text,
        href: link?.get('href'),
        bold: bold !== undefined,
        italic: italic !== undefined,
      });
    if (n === 0) return;
    if (before === 0) this.linkFirst = link !== undefined;
    this.linkLast = link !== undefined;
    if (link) this.linkChars += n;
    if (bold) this.boldChars += n;
    if (italic) this.italicChars += n;
  }

  private flush(): void {
    // Most runs between two block boundaries are blank.
    if (this.run.chars > 0) {
      this.addBlock();
      this.run.clear();
    }
    if (this.segments.length > 0) this.segments = [];
    if (this.inlineHints.length > 0) this.inlineHints = [];
    this.linkChars = 0;
    this.links = 0;
    this.boldChars = 0;
    this.italicChars = 0;
    this.flushes++;
  }

  private addBlock(): void {
    const { blocks, holder, breaks, run, within } = this;
    const text = run.end();
    const chars = run.textChars;
    if (chars === 0) return;
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
      words: run.words,
      linkChars: Math.min(this.linkChars, chars),
      links: this.links,
      linkFirst: this.linkFirst,
      linkLast: this.linkLast,
      boldChars: Math.min(this.boldChars, chars),
      italicChars: Math.min(this.italicChars, chars),
      stops: run.stops,
      commas: run.commas,
      digits: run.digits,
      uppers: run.uppers,
      flags: run.flags,
      endsSentence: run.endsSentence(),
      imagesBefore: this.images,
      hintDistance: this.hintDistances(chars),
      quote: within[ROLES.quote],
      item: within[ROLES.item],
      figure: within[ROLES.figure],
      cell: within[ROLES.cell],
      article: within[ROLES.article],
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
    const { depth } = holder;
    const distances: number[] = new Array(HINTS.length);
    for (let h = 0; h < distances.length; h++) {
      const given = hintDepth[h] as number;
      distances[h] = given < 0 ? -1 : depth - given;
    }
    for (const inline of this.inlineHints) {
      if (inline.chars * 2 < chars) continue;
      for (let rest = inline.bits; rest !== 0; rest &= rest - 1) distances[31 - Math.clz32(rest & -rest)] = 0;
    }
    return distances;
  }
}

const EMBED_CLASS =
  /\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed|fb-post|mastodon-embed|reddit-card)\b/;

/** Text of an embedded post of a social network. */
export function isEmbedded({ quote }: Block): boolean {
  return quote !== undefined && EMBED_CLASS.test(quote.className.text);
}

/** The real address of an image whose src may be a placeholder until a script runs. */
function imageAddress(node: TreeNode): string | undefined {
  for (const name of ['data-src', 'src', 'srcset', 'data-srcset']) {
    const address = node
      .get(name)
      ?.trim()
      .split(/[\s,]+(?=\S|$)/)[0];
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
