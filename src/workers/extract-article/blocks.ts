import { BLANK, COMMA, DIGIT, STOP, SURROGATE, UNIT_FLAGS, UPPER } from './characters.ts';
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
  let linkFirst = false;
  let linkLast = false;
  let boldChars = 0;
  let italicChars = 0;
  let breaks = 0;
  let images = 0;
  let lastNode: TreeNode | undefined;
  /** Non-space code units since the last flush, and the inline elements with hints among them. */
  let pendingChars = 0;
  let flushes = 0;
  let inlineHints: { bits: number; chars: number }[] = [];

  let truncated = false;
  /** Nearest block element around the current place. */
  let holder = root;
  let hidden = false;
  const within: Within = {
    link: undefined,
    bold: undefined,
    italic: undefined,
    quote: undefined,
    item: undefined,
    figure: undefined,
    cell: undefined,
    article: undefined,
  };

  const addBlock = () => {
    const raw = parts.length === 1 ? (parts[0] as string) : parts.join('');
    const text = raw.replace(/[\s\u0000\u200b\ufeff\u2060]+/g, ' ').trim();
    const counts = countCharacters(text);
    const { chars } = counts;
    if (chars === 0) return;
    if (blocks.length >= MAX_BLOCKS) {
      truncated = true;
      return;
    }
    const hintDistance: number[] = new Array(HINTS.length);
    for (let h = 0; h < hintDistance.length; h++) {
      const depth = hintDepth[h] as number;
      hintDistance[h] = depth < 0 ? -1 : holder.depth - depth;
    }
    for (const inline of inlineHints) {
      if (inline.chars * 2 < chars) continue;
      for (let h = 0; h < hintDistance.length; h++) if (inline.bits & (1 << h)) hintDistance[h] = 0;
    }
    const block: Block = {
      index: blocks.length,
      text,
      node: holder,
      afterBreak: breaks === 1 && lastNode === holder,
      afterGap: breaks > 1,
      chars,
      words: counts.words,
      linkChars: Math.min(linkChars, chars),
      links,
      linkFirst,
      linkLast,
      boldChars: Math.min(boldChars, chars),
      italicChars: Math.min(italicChars, chars),
      stops: counts.stops,
      commas: counts.commas,
      digits: counts.digits,
      uppers: counts.uppers,
      flags: counts.flags,
      endsSentence: endsWithMark(text),
      imagesBefore: images,
      hintDistance,
      quote: within.quote,
      item: within.item,
      figure: within.figure,
      cell: within.cell,
      article: within.article,
      hidden,
      folded: undefined,
      phrase: undefined,
      segments: undefined,
      images: undefined,
    };
    blocks.push(block);
    if (opts.markup) {
      block.segments = segments;
      block.images = imageSources;
      imageSources = [];
    }
    breaks = 0;
    images = 0;
    lastNode = holder;
  };

  const flush = () => {
    // Most runs between two block boundaries are blank.
    if (pendingChars > 0) addBlock();
    if (parts.length > 0) parts = [];
    if (segments.length > 0) segments = [];
    if (inlineHints.length > 0) inlineHints = [];
    linkChars = links = boldChars = italicChars = pendingChars = 0;
    flushes++;
  };

  const addText = (text: string) => {
    const n = countNonSpace(text);
    if (n === 0 && parts.length === 0) return;
    parts.push(text);
    const { link, bold, italic } = within;
    if (opts.markup)
      segments.push({ text, href: link?.attrs.href, bold: bold !== undefined, italic: italic !== undefined });
    if (n === 0) return;
    if (pendingChars === 0) linkFirst = link !== undefined;
    linkLast = link !== undefined;
    pendingChars += n;
    if (link) linkChars += n;
    if (bold) boldChars += n;
    if (italic) italicChars += n;
  };

  const walk = (node: TreeNode) => {
    for (const child of node.children) {
      if (typeof child === 'string') {
        addText(child);
        continue;
      }
      const { tag } = child;
      if (tag === 'br') {
        flush();
        breaks++;
        continue;
      }
      const { isBlock, noText, isImage, role } = TRAITS_OF_TAG.get(tag) ?? PLAIN;
      if (isImage) {
        images++;
        const src = opts.markup && tag.endsWith('img') ? imageAddress(child) : undefined;
        if (src) imageSources.push({ src, alt: child.attrs.alt ?? '' });
      }
      if (noText) continue;
      const isHiddenItself = isHidden(child);
      // Classes of the whole page ("has-sidebar") say nothing about a block.
      const bits =
        tag === 'html' || tag === 'body' ? 0 : hintsOf(child) | (isHiddenItself ? 1 << HINT_INDEX.hidden : 0);
      const holderBefore = holder;
      if (isBlock) {
        flush();
        breaks = 0;
        holder = child;
      }
      const roleBefore = role && within[role];
      if (role) within[role] = child;
      if (role === 'link') links++;
      const hiddenBefore = hidden;
      if (isHiddenItself) hidden = true;
      const mark = overwritten.length;
      for (let rest = bits; rest !== 0; rest &= rest - 1) {
        const h = 31 - Math.clz32(rest & -rest);
        overwritten.push(h, hintDepth[h] as number);
        hintDepth[h] = holder.depth;
      }
      const before = pendingChars;
      const flushesBefore = flushes;
      child.from = blocks.length;
      walk(child);
      if (isBlock) {
        flush();
        breaks = 0;
      } else if (bits && flushes === flushesBefore) {
        inlineHints.push({ bits, chars: pendingChars - before });
      }
      child.to = blocks.length;
      while (overwritten.length > mark) {
        const depth = overwritten.pop() as number;
        hintDepth[overwritten.pop() as number] = depth;
      }
      holder = holderBefore;
      hidden = hiddenBefore;
      if (role) within[role] = roleBefore;
    }
  };
  walk(root);
  flush();
  root.to = blocks.length;
  if (truncated) opts.warnings?.push(`the page has more than ${MAX_BLOCKS} blocks of text: the rest was left out`);
  return blocks;
}

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
