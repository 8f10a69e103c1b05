import { type Block, foldedStart, isEmbedded, phraseOf } from './blocks.ts';
import { ADDRESS_SIGN, COPYRIGHT_SIGN, STOP } from './characters.ts';
import { LOCAL_FEATURES, OWN, PHRASE_KINDS, TAG_GROUPS } from './feature-columns.ts';
import { headingLevel } from './find-title.ts';
import { HINTS } from './hints.ts';
import type { Kin } from './kin.ts';
import { Likeness, type PageContext, SHORT, startsLower } from './likeness.ts';
import { levelsTo, logOf, type PageSums, span, sumUp } from './page-sums.ts';
import { rowOf, tableOf } from './tables.ts';
import type { TreeNode } from './tree.ts';

export interface BlockFeatures {
  /** Row-major, LOCAL_FEATURES.length columns. */
  local: Float32Array;
  /** Per block, see PageSums. */
  near: Kin[];
  far: Kin[];
  weights: Float64Array;
}

const WIDTH = LOCAL_FEATURES.length;
const NO_HINT = 40;

const TAG_GROUP_INDEX = new Map<string, number>([
  ...TAG_GROUPS.map((tag, i) => [tag, i] as const),
  ...['h4', 'h5', 'h6'].map((tag) => [tag, TAG_GROUPS.indexOf('h3')] as const),
  ['th', TAG_GROUPS.indexOf('td')],
  ['dt', TAG_GROUPS.indexOf('dd')],
]);

const columnOf = (name: string) => LOCAL_FEATURES.indexOf(name);
const LOG_WEIGHT = columnOf('logWeight');
const LINK_DENSITY = columnOf('linkDensity');
const ENDS_SENTENCE = columnOf('endsSentence');
const HEADING = columnOf('heading');
const PARENT_PLACE = columnOf('parentPlace');
const PARENT_CHARS = columnOf('parentChars');
/** From parentChars to titleLevels: the same for all children of an element, parentPlace apart. */
const FAMILY_COLUMNS = columnOf('titleLevels') - PARENT_CHARS + 1;

/** The features of every block from its own text, its place in the tree and its neighbours. */
export function localFeatures(blocks: Block[], page: PageContext): BlockFeatures {
  const sums = sumUp(blocks);
  const rows = new Rows(blocks, page, sums);
  for (let i = 0; i < blocks.length; i++) rows.writeOwn(i);
  for (let i = 0; i < blocks.length; i++) rows.writeAround(i);
  return { local: rows.local, near: sums.near, far: sums.far, weights: sums.weights };
}

/** Writes the rows in two passes, as what stands around a block is told by the first columns of its neighbours. */
class Rows {
  readonly local: Float32Array;
  private readonly blocks: Block[];
  private readonly sums: PageSums;
  private readonly likeness: Likeness;
  private readonly pageChars: number;
  private readonly titleAt: number;
  /** Two levels above the title's block. */
  private readonly titleHolder: TreeNode | undefined;
  private readonly linkedChars: number;
  /** Per block, of the stock phrase it begins with: 2 for the whole block, 1 for a short one that ends no sentence. */
  private readonly phraseRank: Int8Array;
  /** The number of its kind, from 1; 0 for none. */
  private readonly phraseKind: Int8Array;
  /** What has been seen before the row being written. */
  private h1s = 0;
  private family: TreeNode | undefined;
  private headingAt = -1;
  private headingKind = 0;
  private headingLevel = 0;
  private phraseAt = -1;
  private lastPhraseKind = 0;

  constructor(blocks: Block[], page: PageContext, sums: PageSums) {
    this.blocks = blocks;
    this.sums = sums;
    this.likeness = new Likeness(page);
    this.local = new Float32Array(blocks.length * WIDTH);
    this.pageChars = sums.chars[blocks.length] as number;
    this.titleAt = page.titleAt;
    const title = blocks[page.titleAt]?.node;
    this.titleHolder = title?.parent?.parent ?? title?.parent;
    this.linkedChars = this.likeness.hasLinkedText ? logOf(page.articleBody.length) : 0;
    this.phraseRank = new Int8Array(blocks.length);
    this.phraseKind = new Int8Array(blocks.length);
  }

  writeOwn(i: number): void {
    const { local, likeness, sums } = this;
    const b = this.blocks[i] as Block;
    let c = writeText(b, sums.weights[i] as number, local, i * WIDTH);
    c = likeness.write(b, local, c);
    local[c++] = Math.min(5, sums.repeats[i] as number);
    local[c++] = startsLower(b.text) ? 1 : 0;
    c = this.writePlace(i, c);
    c = writeHints(b, local, c);
    c = this.writePhrase(b, i, c);
    this.writeSurroundings(b, i, c);
    if (b.node.tag === 'h1') this.h1s++;
  }

  private writePlace(i: number, at: number): number {
    const { local, titleAt } = this;
    const { chars } = this.sums;
    const isAfter = titleAt >= 0 && i >= titleAt;
    const charsBefore = chars[i] as number;
    local[at] = charsBefore / this.pageChars;
    local[at + 1] = i / this.blocks.length;
    local[at + 2] = isAfter ? Math.min(i - titleAt, 200) : -1;
    local[at + 3] = isAfter ? logOf(charsBefore - (chars[titleAt] as number)) : -1;
    return at + 4;
  }

  private writePhrase(b: Block, i: number, at: number): number {
    const { local } = this;
    const phrase = phraseOf(b);
    if (phrase) {
      const kind = PHRASE_KINDS.indexOf(phrase.kind);
      local[at + kind] = phrase.whole ? 2 : 1;
      this.phraseKind[i] = kind + 1;
      this.phraseRank[i] = phrase.whole ? 2 : b.chars < 120 && !b.endsSentence ? 1 : 0;
      local[at + PHRASE_KINDS.length] = phrase.length / foldedStart(b).length;
    }
    return at + PHRASE_KINDS.length + 1;
  }

  private writeSurroundings(b: Block, i: number, at: number): void {
    const { local, titleAt, titleHolder } = this;
    const { article } = b;
    const row = rowOf(b);
    const table = tableOf(b);
    let c = at;
    local[c++] = Math.min(this.h1s, 10);
    local[c++] = article ? (titleAt >= article.from && titleAt < article.to ? 1 : 0) : -1;
    local[c++] = article ? Math.min(20, this.sums.articleOrder.get(article) as number) : -1;
    local[c++] = titleHolder && i >= titleHolder.from && i < titleHolder.to ? 1 : 0;
    local[c++] = b.afterBreak || b.afterGap ? 1 : 0;
    local[c++] = b.linkFirst ? 1 : 0;
    local[c++] = b.linkLast ? 1 : 0;
    local[c++] = isEmbedded(b) ? 1 : 0;
    local[c++] = row ? Math.min(50, row.to - row.from) : 0;
    local[c++] = table ? Math.min(200, table.to - table.from) : 0;
  }

  writeAround(i: number): void {
    const { local, sums } = this;
    const b = this.blocks[i] as Block;
    const parent = b.node.parent ?? b.node;
    let c = this.writeKin(sums.near[i] as Kin, i * WIDTH + OWN.length);
    c = this.writeKin(sums.far[i] as Kin, c);
    if (parent === this.family) local.copyWithin(c, c - WIDTH, c - WIDTH + FAMILY_COLUMNS);
    else this.writeFamily(parent, c);
    this.family = parent;
    local[i * WIDTH + PARENT_PLACE] = (i - parent.from) / Math.max(1, parent.to - parent.from);
    c = this.writePage(b, i, c + FAMILY_COLUMNS);
    c = this.writeBefore(i, c);
    c = this.writeBehind(i, c);
    this.writeRest(b, i, c);
    this.remember(b, i);
  }

  private writeKin(kin: Kin, at: number): number {
    const { local } = this;
    local[at] = Math.min(kin.blocks, 200);
    local[at + 1] = kin.chars / kin.blocks;
    local[at + 2] = kin.linkChars / kin.chars;
    local[at + 3] = kin.chars / this.pageChars;
    return at + 4;
  }

  private writeFamily(parent: TreeNode, at: number): void {
    const { local } = this;
    const { longs, prose, mostProse } = this.sums;
    const grand = parent.parent ?? parent;
    const great = grand.parent ?? grand;
    let c = this.writeDensity(parent, at);
    local[c++] = Math.min(parent.to - parent.from, 200);
    c++;
    local[c++] = Math.min(100, span(longs, parent));
    c = this.writeDensity(grand, c);
    local[c++] = Math.min(grand.to - grand.from, 300);
    local[c++] = Math.min(100, span(longs, grand));
    c = this.writeDensity(great, c);
    local[c++] = Math.min(100, span(longs, great));
    local[c++] = span(prose, parent) / mostProse;
    local[c++] = span(prose, grand) / mostProse;
    local[c++] = span(prose, great) / mostProse;
    local[c++] = levelsTo(parent, this.titleAt);
  }

  private writeDensity(node: TreeNode, at: number): number {
    const chars = span(this.sums.chars, node);
    this.local[at] = logOf(chars);
    this.local[at + 1] = span(this.sums.linkChars, node) / (chars || 1);
    return at + 2;
  }

  private writePage({ article }: Block, i: number, at: number): number {
    const { local, pageChars, headingAt, phraseAt, sums } = this;
    const { chars, linkChars, longs, articleRank } = sums;
    const n = this.blocks.length;
    let c = at;
    local[c++] = article ? span(chars, article) / pageChars : 0;
    local[c++] = Math.min(20, articleRank.size);
    local[c++] = article ? Math.min(20, articleRank.get(article) ?? 20) : 20;
    local[c++] = logOf(pageChars);
    local[c++] = Math.min(100, longs[n] as number);
    local[c++] = (linkChars[n] as number) / (pageChars || 1);
    local[c++] = this.linkedChars;
    local[c++] = sums.nonLatin / (pageChars || 1);
    local[c++] = this.headingKind;
    local[c++] = headingAt < 0 ? -1 : Math.min(i - headingAt, 60);
    local[c++] = this.headingLevel;
    local[c++] = phraseAt < 0 ? -1 : Math.min(i - phraseAt, 60);
    local[c++] = phraseAt < 0 ? -1 : logOf((chars[i] as number) - (chars[phraseAt] as number));
    local[c++] = this.lastPhraseKind;
    return c;
  }

  private writeBefore(i: number, at: number): number {
    const { local } = this;
    const c = this.writeNeighbour(i, i - 1, at);
    local[c] = this.column(i - 2, LOG_WEIGHT);
    local[c + 1] = this.column(i - 2, LINK_DENSITY);
    return c + 2;
  }

  private writeBehind(i: number, at: number): number {
    const { local } = this;
    const c = this.writeNeighbour(i, i + 1, at);
    local[c] = this.column(i + 2, LOG_WEIGHT);
    local[c + 1] = this.column(i + 2, LINK_DENSITY);
    local[c + 2] = this.column(i + 2, ENDS_SENTENCE);
    return c + 3;
  }

  private writeNeighbour(i: number, other: number, at: number): number {
    const { local, phraseRank } = this;
    const { far } = this.sums;
    const isThere = other >= 0 && other < far.length;
    local[at] = this.column(other, LOG_WEIGHT);
    local[at + 1] = this.column(other, LINK_DENSITY);
    local[at + 2] = this.column(other, ENDS_SENTENCE);
    local[at + 3] = this.column(other, HEADING);
    local[at + 4] = isThere ? (phraseRank[other] as number) : -1;
    local[at + 5] = isThere && far[other] === far[i] ? 1 : 0;
    return at + 6;
  }

  /** Of a block's row; -1 for no block. */
  private column(index: number, column: number): number {
    return index >= 0 && index < this.blocks.length ? (this.local[index * WIDTH + column] as number) : -1;
  }

  private writeRest({ node }: Block, i: number, at: number): void {
    const { local } = this;
    const kin = this.sums.far[i] as Kin;
    local[at] = kin.sentences / kin.blocks;
    local[at + 1] = kin.linkFirst / kin.blocks;
    local[at + 2] = logOf(kin.longest);
    local[at + 3] = levelsTo(node, i - 1);
    local[at + 4] = levelsTo(node, i + 1);
  }

  /** What the rows behind this one are to know of it. */
  private remember(b: Block, i: number): void {
    const level = this.column(i, HEADING);
    const kind = this.phraseKind[i] as number;
    if (level > 0 || (b.boldChars > b.chars * 0.9 && b.chars < 60)) {
      this.headingAt = i;
      this.headingKind = kind;
      this.headingLevel = level;
    }
    if (kind > 0 && this.phraseRank[i] === 2) {
      this.phraseAt = i;
      this.lastPhraseKind = kind;
    }
  }
}

const ADDRESS = /https?:\/\/|www\.|\S@\S+\.\w/;
const COPYRIGHT = /[©®]|\(c\)/i;
const DATE_LIKE =
  /\b\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b|\b\d{1,2}:\d{2}\b|\b(?:19|20)\d{2}\b|[٠-٩۰-۹]{4}|年\d{1,2}月/;
const OPENING_QUOTES = '"“”«„\'‘»';

const mayHoldAddress = ({ flags, text }: Block) =>
  (flags & ADDRESS_SIGN) !== 0 || ((flags & STOP) !== 0 && text.includes('www.'));

/** Writes logChars to dateLike from `at` on; returns where it ended. */
function writeText(b: Block, weight: number, out: Float32Array, at: number): number {
  const { text, chars } = b;
  let c = at;
  out[c++] = logOf(chars);
  out[c++] = logOf(weight);
  out[c++] = Math.min(60, b.words);
  out[c++] = b.linkChars / chars;
  out[c++] = b.links;
  out[c++] = (100 * b.stops) / chars;
  out[c++] = (100 * b.commas) / chars;
  out[c++] = b.digits / chars;
  out[c++] = b.endsSentence ? 1 : 0;
  out[c++] = text.endsWith(':') || text.endsWith('：') ? 1 : 0;
  out[c++] = b.boldChars / chars;
  out[c++] = b.italicChars / chars;
  out[c++] = chars < SHORT ? b.uppers / chars : 0;
  out[c++] = b.afterBreak ? 1 : 0;
  out[c++] = b.afterGap ? 1 : 0;
  out[c++] = Math.min(b.imagesBefore, 5);
  out[c++] = b.quote ? 1 : 0;
  out[c++] = b.item ? 1 : 0;
  out[c++] = b.figure ? 1 : 0;
  out[c++] = b.cell ? 1 : 0;
  out[c++] = b.article ? 1 : 0;
  out[c++] = b.hidden ? 1 : 0;
  out[c++] = b.node.depth;
  out[c++] = headingLevel(b.node.tag);
  out[c++] = mayHoldAddress(b) && ADDRESS.test(text) ? 1 : 0;
  out[c++] = b.flags & COPYRIGHT_SIGN && COPYRIGHT.test(text) ? 1 : 0;
  out[c++] = OPENING_QUOTES.includes(text.charAt(0)) ? 1 : 0;
  out[c++] = chars < 120 && b.digits > 0 && DATE_LIKE.test(text) ? 1 : 0;
  return c;
}

/** The block's tag and the distances to hints. */
function writeHints({ node, hintDistance }: Block, out: Float32Array, at: number): number {
  const group = TAG_GROUP_INDEX.get(node.tag);
  if (group !== undefined) out[at + group] = 1;
  const from = at + TAG_GROUPS.length;
  for (let h = 0; h < HINTS.length; h++) {
    const levels = hintDistance[h] as number;
    out[from + h] = levels < 0 ? NO_HINT : Math.min(levels, NO_HINT - 1);
  }
  return from + HINTS.length;
}
