import { type Block, foldedStart, isEmbedded, phraseOf } from './blocks.ts';
import {
  ADDRESS_SIGN,
  COPYRIGHT_SIGN,
  countDense,
  FOREIGN,
  flagsAt,
  LOWER,
  STOP,
  SURROGATE,
  wordsOf,
} from './characters.ts';
import { HINTS } from './hints.ts';
import { fold, type PhraseKind } from './phrases.ts';
import { rowOf, tableOf } from './tables.ts';
import type { TreeNode } from './tree.ts';
import { numberOf, WordSequences } from './word-sequences.ts';

/** What the page's metadata says, for comparison with the blocks. */
export interface PageContext {
  title: string;
  description: string;
  articleBody: string;
  authors: string[];
  /** Index of the block that shows the title (see `findTitle`), or -1. */
  titleAt: number;
}

const PHRASE_KINDS: PhraseKind[] = [
  'related',
  'newsletter',
  'share',
  'comments',
  'tags',
  'legal',
  'caption',
  'byline',
  'date',
  'paywall',
];
const NO_HINT = 40;
/** Longer blocks are no headlines or signatures. */
const SHORT = 300;
const HEADING_TAG = /^h[1-6]$/;
const headingLevelOf = (tag: string) => (tag.length === 2 && HEADING_TAG.test(tag) ? Number(tag[1]) : 0);
const TAG_GROUPS = [
  'p',
  'div',
  'li',
  'h1',
  'h2',
  'h3',
  'td',
  'blockquote',
  'figcaption',
  'section',
  'dd',
  'pre',
  'address',
];

const OWN = [
  'logChars',
  'logWeight',
  'words',
  'linkDensity',
  'links',
  'stops',
  'commas',
  'digits',
  'endsSentence',
  'endsColon',
  'bold',
  'italic',
  'upper',
  'afterBreak',
  'afterGap',
  'images',
  'quote',
  'item',
  'figure',
  'cell',
  'article',
  'hidden',
  'depth',
  'heading',
  'address',
  'copyright',
  'quoteStart',
  'dateLike',
  'titleEqual',
  'titleShare',
  'descriptionShare',
  'ldShare',
  'authorShare',
  'repeats',
  'startsLower',
  'placeByChars',
  'placeByBlocks',
  'afterTitle',
  'charsSinceTitle',
  ...TAG_GROUPS.map((t) => `tag:${t}`),
  ...HINTS.map((h) => `hint:${h}`),
  ...PHRASE_KINDS.map((k) => `phrase:${k}`),
  'phraseShare',
  'h1sBefore',
  'titleInArticle',
  'articleOrder',
  'sharesTitleParent',
  'shortLines',
  'linkFirst',
  'linkLast',
  'embed',
  'rowCells',
  'tableBlocks',
] as const;
const AROUND = [
  'pathBlocks',
  'pathMeanChars',
  'pathLinkDensity',
  'pathShare',
  'path2Blocks',
  'path2MeanChars',
  'path2LinkDensity',
  'path2Share',
  'parentChars',
  'parentLinkDensity',
  'parentBlocks',
  'parentPlace',
  'parentLong',
  'grandChars',
  'grandLinkDensity',
  'grandBlocks',
  'grandLong',
  'greatChars',
  'greatLinkDensity',
  'greatLong',
  'parentProse',
  'grandProse',
  'greatProse',
  'titleLevels',
  'articleShare',
  'articles',
  'articleRank',
  'pageChars',
  'pageLong',
  'pageLinkDensity',
  'hasLd',
  'nonLatin',
  'headingPhrase',
  'headingDistance',
  'headingLevel',
  'sincePhrase',
  'charsSincePhrase',
  'lastPhrase',
  'prevLog',
  'prevLink',
  'prevEnds',
  'prevHeading',
  'prevPhrase',
  'prevSamePath',
  'prev2Log',
  'prev2Link',
  'nextLog',
  'nextLink',
  'nextEnds',
  'nextHeading',
  'nextPhrase',
  'nextSamePath',
  'next2Log',
  'next2Link',
  'next2Ends',
  'pathSentences',
  'pathLinkFirst',
  'pathLongest',
  'prevLevels',
  'nextLevels',
] as const;
export const LOCAL_FEATURES: readonly string[] = [...OWN, ...AROUND];
export const CONTEXT_FEATURES: readonly string[] = [
  ...LOCAL_FEATURES,
  'self',
  'prev1',
  'prev2',
  'prev3',
  'next1',
  'next2',
  'next3',
  'before5',
  'after5',
  'pathMean',
  'path2Mean',
  'parentMean',
  'grandMean',
  'greatMean',
  'inBody',
  'bodyDistance',
  'bodyPlace',
  'bodyMean',
  'bodyShare',
  'afterFirstSure',
  'beforeLastSure',
  'charsAfterFirst',
  'charsToLast',
  'sureInParent',
  'topicShare',
  'relativeSelf',
  'relativePath',
  'pageBest',
  'sureBlocks',
  'sinceSure',
  'untilSure',
  'pathMass',
  'path2Mass',
  'bodyLevels',
  'parentBest',
];

interface PathStats {
  blocks: number;
  chars: number;
  linkChars: number;
  /** Blocks that end a sentence, and those that begin with a link. */
  sentences: number;
  linkFirst: number;
  longest: number;
  sum: number;
}

function addBlock(stats: PathStats, block: Block, weight: number, linked: number): void {
  stats.blocks++;
  if (block.endsSentence) stats.sentences++;
  if (block.linkFirst) stats.linkFirst++;
  if (weight > stats.longest) stats.longest = weight;
  stats.chars += weight;
  stats.linkChars += linked;
}

/** Pages have fewer elements (MAX_ELEMENTS). */
const MAX_NUMBER = 0x100000;

/**
 * A function that gives the shared statistics of the blocks with an element's path of two and of four levels. A level is tag and
 * class, numbers in the class set aside; levels and pairs of them are told apart by numbers.
 */
function pathReader(): (node: TreeNode) => readonly [PathStats, PathStats] {
  /** Per tag, the levels by class. */
  const levelsOfTag = new Map<string, Map<string, number>>();
  const levels = new Map<string, number>();
  const pairs = new Map<number, number>();
  const byPair = new Map<number, PathStats>();
  const byTwoPairs = new Map<number, PathStats>();
  const known = new Map<TreeNode, readonly [PathStats, PathStats]>();
  const levelOf = ({ tag, attrs }: TreeNode): number => {
    let byClass = levelsOfTag.get(tag);
    if (!byClass) {
      byClass = new Map();
      levelsOfTag.set(tag, byClass);
    }
    const name = attrs.class ?? '';
    let level = byClass.get(name);
    if (level === undefined) {
      level = numberOf(levels, `${tag}.${name.replace(/\d+/g, '0')}`);
      byClass.set(name, level);
    }
    return level;
  };
  /** Number of an element's level with its parent's, from 1; 0 stands for no element. */
  const pairOf = (node: TreeNode | undefined): number => {
    if (!node) return 0;
    const above = node.parent ? levelOf(node.parent) + 1 : 0;
    return numberOf(pairs, levelOf(node) * MAX_NUMBER + above) + 1;
  };
  const statsFor = (map: Map<number, PathStats>, key: number): PathStats => {
    let stats = map.get(key);
    if (!stats) {
      stats = { blocks: 0, chars: 0, linkChars: 0, sentences: 0, linkFirst: 0, longest: 0, sum: 0 };
      map.set(key, stats);
    }
    return stats;
  };
  return (node) => {
    let stats = known.get(node);
    if (!stats) {
      const pair = pairOf(node);
      const above = pairOf(node.parent?.parent);
      stats = [statsFor(byPair, pair), statsFor(byTwoPairs, pair * MAX_NUMBER + above)];
      known.set(node, stats);
    }
    return stats;
  };
}

export interface BlockFeatures {
  /** Row-major, LOCAL_FEATURES.length columns. */
  local: Float32Array;
  paths: PathStats[];
  paths2: PathStats[];
  weights: Float64Array;
}

const TAG_GROUP_INDEX = new Map<string, number>([
  ...TAG_GROUPS.map((tag, i) => [tag, i] as const),
  ...['h4', 'h5', 'h6'].map((tag) => [tag, TAG_GROUPS.indexOf('h3')] as const),
  ['th', TAG_GROUPS.indexOf('td')],
  ['dt', TAG_GROUPS.indexOf('dd')],
]);

const ADDRESS = /https?:\/\/|www\.|\S@\S+\.\w/;
const mayHoldAddress = ({ flags, text }: Block) =>
  (flags & ADDRESS_SIGN) !== 0 || ((flags & STOP) !== 0 && text.includes('www.'));
const COPYRIGHT = /[©®]|\(c\)/i;

function startsLower(text: string): boolean {
  const flags = flagsAt(text, 0);
  return (flags & LOWER) !== 0 || ((flags & SURROGATE) !== 0 && /^\p{Ll}/u.test(text));
}

const DATE_LIKE =
  /\b\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b|\b\d{1,2}:\d{2}\b|\b(?:19|20)\d{2}\b|[٠-٩۰-۹]{4}|年\d{1,2}月/;
const OPENING_QUOTES = '"“”«„\'‘»';
const LOG = (n: number) => Math.log2(1 + Math.max(0, n));

/** The features of every block from its own text, its place in the tree and its neighbours. */
export function localFeatures(blocks: Block[], page: PageContext): BlockFeatures {
  const width = LOCAL_FEATURES.length;
  const local = new Float32Array(blocks.length * width);
  const n = blocks.length;
  const foldedTitle = fold(page.title);
  const titleWords = new Set(wordsOf(foldedTitle));
  const description = new WordSequences(wordsOf(page.description, 200), 3);
  const linkedText = new WordSequences(wordsOf(page.articleBody, 20_000), 4);
  const comparesText = description.size + linkedText.size > 0;
  const authorWords = [...new Set(page.authors.flatMap((a) => wordsOf(fold(a))))];
  const authorSet = new Set(authorWords);

  // Prefix sums over blocks make any subtree's totals two subtractions.
  const chars = new Float64Array(n + 1);
  const linkChars = new Float64Array(n + 1);
  const longs = new Float64Array(n + 1);
  const prose = new Float64Array(n + 1);
  const weights = new Float64Array(n);
  const paths: PathStats[] = new Array(n);
  const paths2: PathStats[] = new Array(n);
  const pathOf = pathReader();
  const repeats = new Map<string, number>();
  let nonLatin = 0;
  for (let i = 0; i < n; i++) {
    const b = blocks[i] as Block;
    let weight = b.chars;
    if (b.flags & FOREIGN) {
      weight += countDense(b.text) * 1.5;
      nonLatin += b.chars;
    }
    const linked = (weight * b.linkChars) / b.chars;
    weights[i] = weight;
    chars[i + 1] = (chars[i] as number) + weight;
    linkChars[i + 1] = (linkChars[i] as number) + linked;
    longs[i + 1] = (longs[i] as number) + (weight >= 80 && b.linkChars < b.chars / 3 ? 1 : 0);
    prose[i + 1] =
      (prose[i] as number) +
      (b.linkChars < b.chars / 3 && (weight >= 80 || b.endsSentence) && !b.hidden ? Math.min(weight, 800) : 0);
    const [path, path2] = pathOf(b.node);
    paths[i] = path;
    paths2[i] = path2;
    addBlock(path, b, weight, linked);
    addBlock(path2, b, weight, linked);
    const key = b.text.slice(0, 80);
    repeats.set(key, (repeats.get(key) ?? 0) + 1);
  }
  const pageChars = chars[n] as number;
  const pageLong = longs[n] as number;
  let mostProse = 1;
  for (const b of blocks) mostProse = Math.max(mostProse, span(prose, b.node.parent ?? b.node));

  // Articles of the page, by the text they hold.
  const articleNodes = [...new Set(blocks.map((b) => b.article).filter((a): a is TreeNode => a !== undefined))];
  const articleOrder = new Map(articleNodes.map((a, i) => [a, i]));
  const articleRank = new Map(
    articleNodes
      .map((a) => [a, a] as const)
      .sort((x, y) => span(chars, y[0]) - span(chars, x[0]))
      .map(([a], i) => [a, i]),
  );

  let titleAt = -1;
  let h1s = 0;
  const titleIndex = page.titleAt;
  const titleNode = titleIndex >= 0 ? (blocks[titleIndex] as Block).node : undefined;
  const titleGrand = titleNode?.parent?.parent ?? titleNode?.parent;
  const phraseRank = new Int8Array(n);
  /** Per block the number of its stock phrase's kind, from 1; 0 for none. */
  const phraseKinds = new Int8Array(n);
  let c = 0;
  const put = (value: number) => {
    local[c++] = value;
  };
  const writeText = (b: Block, weight: number) => {
    const { text } = b;
    put(LOG(b.chars));
    put(LOG(weight));
    put(Math.min(60, b.words));
    put(b.linkChars / b.chars);
    put(b.links);
    put((100 * b.stops) / b.chars);
    put((100 * b.commas) / b.chars);
    put(b.digits / b.chars);
    put(b.endsSentence ? 1 : 0);
    put(text.endsWith(':') || text.endsWith('：') ? 1 : 0);
    put(b.boldChars / b.chars);
    put(b.italicChars / b.chars);
    put(b.chars < SHORT ? b.uppers / b.chars : 0);
    put(b.afterBreak ? 1 : 0);
    put(b.afterGap ? 1 : 0);
    put(Math.min(b.imagesBefore, 5));
    put(b.quote ? 1 : 0);
    put(b.item ? 1 : 0);
    put(b.figure ? 1 : 0);
    put(b.cell ? 1 : 0);
    put(b.article ? 1 : 0);
    put(b.hidden ? 1 : 0);
    put(b.node.depth);
    put(headingLevelOf(b.node.tag));
    put(mayHoldAddress(b) && ADDRESS.test(text) ? 1 : 0);
    put(b.flags & COPYRIGHT_SIGN && COPYRIGHT.test(text) ? 1 : 0);
    put(OPENING_QUOTES.includes(text.charAt(0)) ? 1 : 0);
    put(b.chars < 120 && b.digits > 0 && DATE_LIKE.test(text) ? 1 : 0);
  };
  const writeLikeness = (b: Block) => {
    const { text } = b;
    const short = b.chars < SHORT;
    const folded = foldedStart(b);
    const words = (short && titleWords.size > 0) || comparesText ? wordsOf(text, 400) : [];
    const equal = foldedTitle !== '' && folded === foldedTitle;
    put(equal ? 1 : 0);
    const titleShare = short && titleWords.size > 0 ? hits(words, titleWords) : 0;
    put(titleShare);
    put(description.share(words));
    put(linkedText.size > 0 ? linkedText.share(words) : -1);
    put(short && authorWords.some((w) => folded.includes(w)) ? hits(wordsOf(folded), authorSet) : 0);
    put(Math.min(5, repeats.get(text.slice(0, 80)) ?? 1));
    put(startsLower(text) ? 1 : 0);
  };
  const writePlace = (b: Block, i: number) => {
    const { tag } = b.node;
    const phrase = phraseOf(b);
    put((chars[i] as number) / pageChars);
    put(i / n);
    if (i === titleIndex) titleAt = i;
    put(titleAt < 0 ? -1 : Math.min(i - titleAt, 200));
    put(titleAt < 0 ? -1 : LOG((chars[i] as number) - (chars[titleAt] as number)));
    const group = TAG_GROUP_INDEX.get(tag);
    if (group !== undefined) local[c + group] = 1;
    c += TAG_GROUPS.length;
    for (let h = 0; h < HINTS.length; h++) {
      const d = b.hintDistance[h] as number;
      put(d < 0 ? NO_HINT : Math.min(d, NO_HINT - 1));
    }
    if (phrase) {
      const kind = PHRASE_KINDS.indexOf(phrase.kind);
      local[c + kind] = phrase.whole ? 2 : 1;
      phraseKinds[i] = kind + 1;
    }
    c += PHRASE_KINDS.length;
    put(phrase ? phrase.length / foldedStart(b).length : 0);
    put(Math.min(h1s, 10));
    put(b.article ? (titleIndex >= b.article.from && titleIndex < b.article.to ? 1 : 0) : -1);
    put(b.article ? Math.min(20, articleOrder.get(b.article) as number) : -1);
    put(titleGrand && i >= titleGrand.from && i < titleGrand.to ? 1 : 0);
    put(b.afterBreak || b.afterGap ? 1 : 0);
    put(b.linkFirst ? 1 : 0);
    put(b.linkLast ? 1 : 0);
    put(isEmbedded(b) ? 1 : 0);
    const row = rowOf(b);
    const table = tableOf(b);
    put(row ? Math.min(50, row.to - row.from) : 0);
    put(table ? Math.min(200, table.to - table.from) : 0);
    if (tag === 'h1') h1s++;
    phraseRank[i] = phrase ? (phrase.whole ? 2 : b.chars < 120 && !b.endsSentence ? 1 : 0) : 0;
  };
  for (let i = 0; i < n; i++) {
    const b = blocks[i] as Block;
    c = i * width;
    writeText(b, weights[i] as number);
    writeLikeness(b);
    writePlace(b, i);
  }

  const own = (index: number, name: number): number =>
    index >= 0 && index < n ? (local[index * width + name] as number) : -1;
  const phraseIndex = (index: number) => (index >= 0 && index < n ? (phraseRank[index] as number) : -1);
  const logPageChars = LOG(pageChars);
  const logLinkedText = linkedText.size > 0 ? LOG(page.articleBody.length) : 0;
  let parentBefore: TreeNode | undefined;
  let headingAt = -1;
  let headingKind = 0;
  let headingLevel = 0;
  let phraseAt = -1;
  let phraseKind = 0;
  const writeKin = (i: number) => {
    for (let level = 0; level < 2; level++) {
      const stats = (level === 0 ? paths : paths2)[i] as PathStats;
      put(Math.min(stats.blocks, 200));
      put(stats.chars / stats.blocks);
      put(stats.linkChars / stats.chars);
      put(stats.chars / pageChars);
    }
  };
  const writeFamily = (parent: TreeNode) => {
    const grand = parent.parent ?? parent;
    const great = grand.parent ?? grand;
    const parentChars = span(chars, parent);
    const grandChars = span(chars, grand);
    const greatChars = span(chars, great);
    put(LOG(parentChars));
    put(span(linkChars, parent) / (parentChars || 1));
    put(Math.min(parent.to - parent.from, 200));
    c++;
    put(Math.min(100, span(longs, parent)));
    put(LOG(grandChars));
    put(span(linkChars, grand) / (grandChars || 1));
    put(Math.min(grand.to - grand.from, 300));
    put(Math.min(100, span(longs, grand)));
    put(LOG(greatChars));
    put(span(linkChars, great) / (greatChars || 1));
    put(Math.min(100, span(longs, great)));
    put(span(prose, parent) / mostProse);
    put(span(prose, grand) / mostProse);
    put(span(prose, great) / mostProse);
    put(levelsTo(parent, titleIndex));
  };
  const writePage = (b: Block, i: number) => {
    put(b.article ? span(chars, b.article) / pageChars : 0);
    put(Math.min(20, articleNodes.length));
    put(b.article ? Math.min(20, articleRank.get(b.article) ?? 20) : 20);
    put(logPageChars);
    put(Math.min(100, pageLong));
    put((linkChars[n] as number) / (pageChars || 1));
    put(logLinkedText);
    put(nonLatin / (pageChars || 1));
    put(headingKind);
    put(headingAt < 0 ? -1 : Math.min(i - headingAt, 60));
    put(headingLevel);
    put(phraseAt < 0 ? -1 : Math.min(i - phraseAt, 60));
    put(phraseAt < 0 ? -1 : LOG((chars[i] as number) - (chars[phraseAt] as number)));
    put(phraseKind);
  };
  const writeNeighbours = (b: Block, i: number) => {
    put(own(i - 1, COLUMN.logWeight));
    put(own(i - 1, COLUMN.linkDensity));
    put(own(i - 1, COLUMN.endsSentence));
    put(own(i - 1, COLUMN.heading));
    put(phraseIndex(i - 1));
    put(i > 0 && paths2[i - 1] === paths2[i] ? 1 : 0);
    put(own(i - 2, COLUMN.logWeight));
    put(own(i - 2, COLUMN.linkDensity));
    put(own(i + 1, COLUMN.logWeight));
    put(own(i + 1, COLUMN.linkDensity));
    put(own(i + 1, COLUMN.endsSentence));
    put(own(i + 1, COLUMN.heading));
    put(phraseIndex(i + 1));
    put(i + 1 < n && paths2[i + 1] === paths2[i] ? 1 : 0);
    put(own(i + 2, COLUMN.logWeight));
    put(own(i + 2, COLUMN.linkDensity));
    put(own(i + 2, COLUMN.endsSentence));
    const kin = paths2[i] as PathStats;
    put(kin.sentences / kin.blocks);
    put(kin.linkFirst / kin.blocks);
    put(LOG(kin.longest));
    put(levelsTo(b.node, i - 1));
    put(levelsTo(b.node, i + 1));
  };
  for (let i = 0; i < n; i++) {
    const b = blocks[i] as Block;
    c = i * width + OWN.length;
    writeKin(i);
    const parent = b.node.parent ?? b.node;
    if (parent === parentBefore) {
      local.copyWithin(c, c - width, c - width + FAMILY_COLUMNS);
      c += FAMILY_COLUMNS;
    } else {
      parentBefore = parent;
      writeFamily(parent);
    }
    local[i * width + COLUMN.parentPlace] = (i - parent.from) / Math.max(1, parent.to - parent.from);
    writePage(b, i);
    writeNeighbours(b, i);

    const level = local[i * width + COLUMN.heading] as number;
    const kind = phraseKinds[i] as number;
    if (level > 0 || (b.boldChars > b.chars * 0.9 && b.chars < 60)) {
      headingAt = i;
      headingKind = kind;
      headingLevel = level;
    }
    if (kind > 0 && phraseRank[i] === 2) {
      phraseAt = i;
      phraseKind = kind;
    }
  }
  return { local, paths, paths2, weights };
}

const COLUMN = Object.fromEntries(LOCAL_FEATURES.map((name, i) => [name, i])) as Record<string, number> & {
  logWeight: number;
  linkDensity: number;
  endsSentence: number;
  heading: number;
  parentPlace: number;
};
/** From parentChars to titleLevels: the same for all children of an element, parentPlace apart. */
const FAMILY_COLUMNS = LOCAL_FEATURES.indexOf('titleLevels') - LOCAL_FEATURES.indexOf('parentChars') + 1;

/** The block that shows the headline: the h1 that says it, else the first heading that does, else the first block that is equal to it. */
export function findTitle(blocks: Block[], title: string): number {
  const foldedTitle = fold(title);
  const titleWords = new Set(wordsOf(foldedTitle));
  let best = -1;
  let bestRank = 0;
  for (let i = 0; i < blocks.length; i++) {
    const { node, chars } = blocks[i] as Block;
    if (chars > 300) continue;
    const level = headingLevelOf(node.tag);
    if (level === 0 && chars < foldedTitle.length / 2) continue;
    const folded = foldedStart(blocks[i] as Block);
    const equal = foldedTitle !== '' && folded === foldedTitle;
    const alike = equal || (level > 0 && titleWords.size > 0 && hits(wordsOf(folded), titleWords) > 0.7);
    const rank = (equal ? 2 : alike ? 1 : 0) * (level === 1 ? 4 : level > 0 ? 3 : 1) + (level === 1 ? 0.5 : 0);
    if (rank > bestRank) {
      best = i;
      bestRank = rank;
    }
  }
  return best;
}

function hits(words: string[], of: Set<string>): number {
  if (words.length === 0) return 0;
  let found = 0;
  for (const word of words) if (of.has(word)) found++;
  return found / words.length;
}

const MAX_LEVELS = 20;

/** Levels up, MAX_LEVELS at most, from an element to the nearest one that holds a block; -1 for a block there is not. */
function levelsTo(node: TreeNode, index: number): number {
  if (index < 0) return -1;
  let levels = 0;
  let at: TreeNode | undefined = node;
  while (at && levels < MAX_LEVELS && !(index >= at.from && index < at.to)) {
    at = at.parent;
    levels++;
  }
  return levels;
}

function span(sums: Float64Array, node: TreeNode): number {
  return (sums[node.to] as number) - (sums[node.from] as number);
}

/** Probability at which a block counts as surely article text. */
const SURE = 0.7;
/** And below which its words are not looked at. */
const HOPELESS = 0.05;
/** Blocks counted to the next sure one, at most. */
const MAX_DISTANCE = 60;
/** Blocks of an element looked at for its best one. */
const MAX_SIBLINGS = 300;

/** The local features with what the first pass thinks of the block, its neighbours, its kin and the body element. `p` is the first pass; `wanted` are the blocks rows are made for, all when left out. */
export function contextFeatures(
  blocks: Block[],
  features: BlockFeatures,
  p: Float32Array,
  body: TreeNode,
  wanted?: readonly number[],
): Float32Array {
  const n = blocks.length;
  const from = LOCAL_FEATURES.length;
  const width = CONTEXT_FEATURES.length;
  const rows = new Float32Array((wanted?.length ?? n) * width);
  const { paths, paths2, weights } = features;
  const before = new Float64Array(n + 1);
  const mass = new Float64Array(n + 1);
  const sures = new Float64Array(n + 1);
  const isSure = (i: number) => (p[i] as number) > SURE && (weights[i] as number) >= 60;
  for (const stats of paths) stats.sum = 0;
  for (const stats of paths2) stats.sum = 0;
  let first = -1;
  let last = -1;
  for (let i = 0; i < n; i++) {
    const w = weights[i] as number;
    before[i + 1] = (before[i] as number) + w;
    mass[i + 1] = (mass[i] as number) + w * (p[i] as number);
    const sure = isSure(i);
    sures[i + 1] = (sures[i] as number) + (sure ? 1 : 0);
    (paths[i] as PathStats).sum += w * (p[i] as number);
    (paths2[i] as PathStats).sum += w * (p[i] as number);
    if (sure && i >= body.from && i < body.to) {
      if (first < 0) first = i;
      last = i;
    }
  }
  const mean = (a: number, b: number) => {
    const lo = Math.max(0, a);
    const hi = Math.min(n, b);
    const total = (before[hi] as number) - (before[lo] as number);
    return total > 0 ? ((mass[hi] as number) - (mass[lo] as number)) / total : -1;
  };
  const at = (i: number) => (i >= 0 && i < n ? (p[i] as number) : -1);
  const bodyTotal = span(before, body);
  // Words of the text that is surely the article's, to tell teasers of other articles from it.
  const topic = new Map<string, number>();
  let best = 0.01;
  const contentWords: string[][] = blocks.map((b, i) =>
    (p[i] as number) < HOPELESS ? [] : wordsOf(b.text, 120).filter((w) => w.length > 4 || /[^\u0000-\u05ff]/.test(w)),
  );
  for (let i = 0; i < n; i++) {
    const w = weights[i] as number;
    if (w >= 40 && (p[i] as number) > best) best = p[i] as number;
    if (!isSure(i)) continue;
    for (const word of new Set(contentWords[i])) topic.set(word, (topic.get(word) ?? 0) + 1);
  }
  const total = mass[n] as number;
  const sinceSure = new Int16Array(n);
  const untilSure = new Int16Array(n);
  for (let i = 0, at = -1; i < n; i++) {
    sinceSure[i] = at < 0 ? MAX_DISTANCE : Math.min(MAX_DISTANCE, i - at);
    if (isSure(i)) at = i;
  }
  for (let i = n - 1, at = n; i >= 0; i--) {
    untilSure[i] = at >= n ? MAX_DISTANCE : Math.min(MAX_DISTANCE, at - i);
    if (isSure(i)) at = i;
  }
  const bests = new Map<TreeNode, number>();
  const bestIn = (node: TreeNode): number => {
    let found = bests.get(node);
    if (found === undefined) {
      found = 0;
      for (let i = node.from; i < Math.min(node.to, node.from + MAX_SIBLINGS); i++)
        found = Math.max(found, p[i] as number);
      bests.set(node, found);
    }
    return found;
  };
  let c = 0;
  const put = (value: number) => {
    rows[c++] = value;
  };
  for (let row = 0; row < (wanted?.length ?? n); row++) {
    const i = wanted ? (wanted[row] as number) : row;
    const b = blocks[i] as Block;
    rows.set(features.local.subarray(i * from, (i + 1) * from), row * width);
    c = row * width + from;
    put(at(i));
    put(at(i - 1));
    put(at(i - 2));
    put(at(i - 3));
    put(at(i + 1));
    put(at(i + 2));
    put(at(i + 3));
    put(mean(i - 5, i));
    put(mean(i + 1, i + 6));
    put((paths[i] as PathStats).sum / (paths[i] as PathStats).chars);
    put((paths2[i] as PathStats).sum / (paths2[i] as PathStats).chars);
    const parent = b.node.parent ?? b.node;
    const grand = parent.parent ?? parent;
    const great = grand.parent ?? grand;
    put(mean(parent.from, parent.to));
    put(mean(grand.from, grand.to));
    put(mean(great.from, great.to));
    const inBody = i >= body.from && i < body.to;
    put(inBody ? 1 : 0);
    put(inBody ? b.node.depth - body.depth : -1);
    put(inBody ? ((before[i] as number) - (before[body.from] as number)) / (bodyTotal || 1) : i < body.from ? -1 : 2);
    put(mean(body.from, body.to));
    put(bodyTotal / ((before[n] as number) || 1));
    put(first < 0 ? -99 : Math.max(-50, Math.min(50, i - first)));
    put(last < 0 ? -99 : Math.max(-50, Math.min(50, last - i)));
    put(first < 0 ? 0 : Math.sign(i - first) * LOG(Math.abs((before[i] as number) - (before[first] as number))));
    put(last < 0 ? 0 : Math.sign(last - i) * LOG(Math.abs((before[last] as number) - (before[i] as number))));
    put((sures[parent.to] as number) - (sures[parent.from] as number));
    const words = contentWords[i] as string[];
    const own = isSure(i) ? 1 : 0;
    let known = 0;
    for (const word of words) if ((topic.get(word) ?? 0) > own) known++;
    put(words.length > 0 && topic.size > 0 ? known / words.length : -1);
    put((p[i] as number) / best);
    put((paths2[i] as PathStats).sum / (paths2[i] as PathStats).chars / best);
    put(best);
    put(Math.min(60, sures[n] as number));
    put(sinceSure[i] as number);
    put(untilSure[i] as number);
    put((paths[i] as PathStats).sum / (total || 1));
    put((paths2[i] as PathStats).sum / (total || 1));
    put(levelsTo(b.node, body.from));
    put(bestIn(parent));
  }
  return rows;
}
