import { HINTS, hintsOf, isHidden } from './hints.ts';
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
  boldChars: number;
  italicChars: number;
  /** Sentence marks of any script, and commas. */
  stops: number;
  commas: number;
  digits: number;
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
  /** Elements opened before the block, for its place in the document. */
  position: number;
  /** Memo of `foldedStart` and `phraseOf`. */
  folded?: string;
  phrase?: PhraseMatch | null;
  /** Only when asked for: the text with its mark-up, and the images passed since the block before. */
  segments?: Segment[];
  images?: ImageSource[];
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

const SENTENCE_END = /[.!?…:;。！？؟۔।॥‥։፡။៕]["'”’»›)\]」』]*$/u;

interface Context {
  node: TreeNode;
  link: TreeNode | undefined;
  bold: number;
  italic: number;
  quote: TreeNode | undefined;
  item: TreeNode | undefined;
  figure: TreeNode | undefined;
  cell: TreeNode | undefined;
  article: TreeNode | undefined;
  hidden: boolean;
}

/** All blocks of the page in document order, from one walk. */
export function collectBlocks(root: TreeNode, opts: { markup?: boolean } = {}): Block[] {
  const blocks: Block[] = [];
  /** Depth at which each hint was last given on the current path, or -1. */
  const hintDepth: number[] = new Array(HINTS.length).fill(-1);
  /** Hints overwritten on the way down and the depths they had, to be put back on the way up. */
  const overwritten: number[] = [];
  let parts: string[] = [];
  let segments: Segment[] = [];
  let imageSources: ImageSource[] = [];
  let linkChars = 0;
  let links = 0;
  let boldChars = 0;
  let italicChars = 0;
  let breaks = 0;
  let images = 0;
  let position = 0;
  let lastNode: TreeNode | undefined;
  /** Non-space code units since the last flush, and the inline elements with hints among them. */
  let pendingChars = 0;
  let flushes = 0;
  let inlineHints: { bits: number; chars: number }[] = [];

  const flush = (ctx: Context) => {
    const raw = parts.length === 1 ? (parts[0] as string) : parts.join('');
    parts = [];
    const text = raw.replace(/[\s\u0000\u200b\ufeff\u2060]+/g, ' ').trim();
    if (text !== '' && blocks.length < MAX_BLOCKS) {
      const { chars, words, digits, stops, commas } = countCharacters(text);
      if (chars > 0) {
        const hintDistance: number[] = new Array(HINTS.length);
        for (let h = 0; h < hintDistance.length; h++) {
          const depth = hintDepth[h] as number;
          hintDistance[h] = depth < 0 ? -1 : ctx.node.depth - depth;
        }
        for (const inline of inlineHints) {
          if (inline.chars * 2 < chars) continue;
          for (let h = 0; h < hintDistance.length; h++) if (inline.bits & (1 << h)) hintDistance[h] = 0;
        }
        blocks.push({
          index: blocks.length,
          text,
          node: ctx.node,
          afterBreak: breaks === 1 && lastNode === ctx.node,
          afterGap: breaks > 1,
          chars,
          words,
          linkChars: Math.min(linkChars, chars),
          links,
          boldChars: Math.min(boldChars, chars),
          italicChars: Math.min(italicChars, chars),
          stops,
          commas,
          digits,
          endsSentence: SENTENCE_END.test(text),
          imagesBefore: images,
          hintDistance,
          quote: ctx.quote,
          item: ctx.item,
          figure: ctx.figure,
          cell: ctx.cell,
          article: ctx.article,
          hidden: ctx.hidden,
          position,
        });
        if (opts.markup) {
          const block = blocks[blocks.length - 1] as Block;
          block.segments = segments;
          block.images = imageSources;
          imageSources = [];
        }
        breaks = 0;
        images = 0;
        lastNode = ctx.node;
      }
    }
    linkChars = links = boldChars = italicChars = pendingChars = 0;
    if (inlineHints.length > 0) inlineHints = [];
    segments = [];
    flushes++;
  };

  const walk = (node: TreeNode, ctx: Context) => {
    for (const child of node.children) {
      if (typeof child === 'string') {
        parts.push(child);
        if (opts.markup)
          segments.push({ text: child, href: ctx.link?.attrs.href, bold: ctx.bold > 0, italic: ctx.italic > 0 });
        const n = countNonSpace(child);
        pendingChars += n;
        if (ctx.link) linkChars += n;
        if (ctx.bold) boldChars += n;
        if (ctx.italic) italicChars += n;
        continue;
      }
      const { tag } = child;
      position++;
      if (tag === 'br') {
        flush(ctx);
        breaks++;
        continue;
      }
      if (tag === 'img' || tag === 'amp-img' || tag === 'video' || tag === 'iframe') {
        images++;
        const src = opts.markup && tag.endsWith('img') ? imageAddress(child) : undefined;
        if (src) imageSources.push({ src, alt: child.attrs.alt ?? '' });
      }
      if (NO_TEXT.has(tag)) continue;
      // Classes of the whole page ("has-sidebar") say nothing about a block.
      const bits = tag === 'html' || tag === 'body' ? 0 : hintsOf(child);
      const isBlock = BLOCK_TAGS.has(tag);
      if (isBlock) {
        flush(ctx);
        breaks = 0;
      }
      const next: Context = { ...ctx };
      if (isBlock) next.node = child;
      switch (tag) {
        case 'a':
          next.link = child;
          links++;
          break;
        case 'b':
        case 'strong':
          next.bold++;
          break;
        case 'i':
        case 'em':
          next.italic++;
          break;
        case 'blockquote':
        case 'q':
          next.quote = child;
          break;
        case 'li':
        case 'dd':
        case 'dt':
          next.item = child;
          break;
        case 'figure':
        case 'figcaption':
          next.figure = child;
          break;
        case 'td':
        case 'th':
          next.cell = child;
          break;
        case 'article':
          next.article = child;
          break;
      }
      if (isHidden(child)) next.hidden = true;
      const mark = overwritten.length;
      if (bits) {
        const depth = next.node.depth;
        for (let h = 0; h < hintDepth.length; h++) {
          if ((bits & (1 << h)) === 0) continue;
          overwritten.push(h, hintDepth[h] as number);
          hintDepth[h] = depth;
        }
      }
      const before = pendingChars;
      const flushesBefore = flushes;
      child.from = blocks.length;
      walk(child, next);
      if (isBlock) {
        flush(next);
        breaks = 0;
      } else if (bits && flushes === flushesBefore) {
        inlineHints.push({ bits, chars: pendingChars - before });
      }
      child.to = blocks.length;
      while (overwritten.length > mark) {
        const depth = overwritten.pop() as number;
        hintDepth[overwritten.pop() as number] = depth;
      }
    }
  };
  const ctx: Context = {
    node: root,
    link: undefined,
    bold: 0,
    italic: 0,
    quote: undefined,
    item: undefined,
    figure: undefined,
    cell: undefined,
    article: undefined,
    hidden: false,
  };
  walk(root, ctx);
  flush(ctx);
  root.to = blocks.length;
  return blocks;
}

/** The real address of an image whose src may be a placeholder until a script runs. */
export function imageAddress({ attrs }: TreeNode): string | undefined {
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

function countCharacters(text: string): {
  chars: number;
  words: number;
  digits: number;
  stops: number;
  commas: number;
} {
  let chars = 0;
  let words = 1;
  let digits = 0;
  let stops = 0;
  let commas = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 32) words++;
    if (c <= 32 || c === 0xa0) continue;
    chars++;
    if (
      (c >= 0x30 && c <= 0x39) ||
      (c >= 0x660 && c <= 0x669) ||
      (c >= 0x6f0 && c <= 0x6f9) ||
      (c >= 0x966 && c <= 0x96f)
    )
      digits++;
    else if (
      c === 0x2e ||
      c === 0x21 ||
      c === 0x3f ||
      c === 0x3002 ||
      c === 0xff01 ||
      c === 0xff1f ||
      c === 0x61f ||
      c === 0x6d4 ||
      c === 0x964
    )
      stops++;
    else if (c === 0x2c || c === 0x3b || c === 0x60c || c === 0x61b || c === 0x3001 || c === 0xff0c) commas++;
  }
  return { chars, words, digits, stops, commas };
}
