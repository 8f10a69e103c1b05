import { type Block, foldedStart, isEmbedded, phraseOf } from './blocks.ts';
import { ADDRESS_SIGN, COPYRIGHT_SIGN, STOP } from './characters.ts';
import { LOCAL_FEATURES, PHRASE_KINDS, TAG_GROUPS } from './feature-columns.ts';
import { headingLevel } from './find-title.ts';
import { HINTS } from './hints.ts';
import type { Kin } from './kin.ts';
import { Likeness, type PageContext, SHORT, startsLower } from './likeness.ts';
import { levelsTo, logOf, mostProse, nonLatinChars, type PageSums, span, sumUp } from './page-sums.ts';
import { blocksInCells, rowOf, tableOf } from './tables.ts';
import type { TreeNode } from './tree.ts';

export interface BlockFeatures {
  /** Row-major, LOCAL_FEATURES.length columns. */
  local: Float32Array;
  near: Kin;
  far: Kin;
  /** Per block, see PageSums. */
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
/** Told of the neighbours as well. */
const LOG_WEIGHT = columnOf('logWeight');
const LINK_DENSITY = columnOf('linkDensity');
const ENDS_SENTENCE = columnOf('endsSentence');
const HEADING = columnOf('heading');
/** Where columns begin that are written together. */
const LIKENESS = columnOf('titleEqual');
const REPEATS = columnOf('repeats');
const TAGS = columnOf('tag:p');
const FIRST_HINT = TAGS + TAG_GROUPS.length;
const PHRASES = FIRST_HINT + HINTS.length;
const H1S = columnOf('h1sBefore');
const EMBED = columnOf('embed');
const ROW_CELLS = columnOf('rowCells');
const TABLE_BLOCKS = columnOf('tableBlocks');
const NEAR_KIN = columnOf('pathBlocks');
const FAR_KIN = columnOf('path2Blocks');
const FAR_KIN_ENDS = columnOf('pathSentences');
const PARENT_PLACE = columnOf('parentPlace');
/** The same for all children of an element, parentPlace apart. */
const FAMILY = columnOf('parentChars');
const FAMILY_END = columnOf('titleLevels') + 1;
const ARTICLE = columnOf('articleShare');
const ARTICLE_RANK = columnOf('articleRank');
const TRAIL = columnOf('headingPhrase');
const BEFORE = columnOf('prevLog');
const PREV_2 = columnOf('prev2Log');
const BEHIND = columnOf('nextLog');
const NEXT_2 = columnOf('next2Log');
const BEHIND_END = columnOf('next2Ends') + 1;
const LEVELS = columnOf('prevLevels');

/** The features of every block from its own text, its place in the tree and its neighbours. */
export function localFeatures(blocks: Block[], page: PageContext): BlockFeatures {
  const sums = sumUp(blocks);
  const { near, far, weights } = sums;
  return { local: new Rows(blocks, page, sums).write(), near, far, weights };
}

/**
 * Writes the rows, some columns of all of them at a time: code that is small and knows one thing is made fast sooner, and what is rare on
 * pages upsets less of it.
 */
class Rows {
  private readonly local: Float32Array;
  private readonly blocks: Block[];
  private readonly sums: PageSums;
  private readonly likeness: Likeness;
  private readonly titleAt: number;
  /** Per block, of the stock phrase it begins with: 2 for the whole block, 1 for a short one that ends no sentence. */
  private readonly phraseRank: Int8Array;
  /** The number of its kind, from 1; 0 for none. */
  private readonly phraseKind: Int8Array;

  constructor(blocks: Block[], page: PageContext, sums: PageSums) {
    this.blocks = blocks;
    this.sums = sums;
    this.likeness = new Likeness(page);
    this.titleAt = page.titleAt;
    this.phraseRank = new Int8Array(blocks.length);
    this.phraseKind = new Int8Array(blocks.length);
    this.local = repeated(
      commonRow(blocks, sums, this.likeness.hasLinkedText ? page.articleBody.length : 0),
      blocks.length,
    );
  }

  write(): Float32Array {
    this.writeTexts();
    this.writeLikeness();
    this.writePlaces();
    this.writeHints();
    this.writePhrases();
    this.writeSurroundings();
    this.writeEmbedded();
    this.writeTables();
    this.writeKin();
    this.writeFamilies();
    this.writeArticles();
    this.writeTrail();
    this.writeNeighbours();
    this.writeLevels();
    return this.local;
  }

  private writeTexts(): void {
    const { local, blocks, sums } = this;
    for (let i = 0; i < blocks.length; i++) writeText(blocks[i] as Block, sums.weights[i] as number, local, i * WIDTH);
  }

  private writeLikeness(): void {
    const { local, blocks, likeness } = this;
    for (let i = 0; i < blocks.length; i++) likeness.write(blocks[i] as Block, local, i * WIDTH + LIKENESS);
  }

  private writePlaces(): void {
    const { local, titleAt, blocks, sums } = this;
    const { chars, repeats } = sums;
    const n = blocks.length;
    const pageChars = chars[n] as number;
    for (let i = 0; i < n; i++) {
      const isAfter = titleAt >= 0 && i >= titleAt;
      const charsBefore = chars[i] as number;
      let c = i * WIDTH + REPEATS;
      local[c++] = Math.min(5, repeats[i] as number);
      local[c++] = startsLower((blocks[i] as Block).text) ? 1 : 0;
      local[c++] = charsBefore / pageChars;
      local[c++] = i / n;
      local[c++] = isAfter ? Math.min(i - titleAt, 200) : -1;
      local[c++] = isAfter ? logOf(charsBefore - (chars[titleAt] as number)) : -1;
    }
  }

  /** The blocks' tags and their distances to hints. */
  private writeHints(): void {
    const { local, blocks } = this;
    for (let i = 0; i < blocks.length; i++) {
      const { node, hintDistance } = blocks[i] as Block;
      const group = TAG_GROUP_INDEX.get(node.tag);
      if (group !== undefined) local[i * WIDTH + TAGS + group] = 1;
      const from = i * WIDTH + FIRST_HINT;
      for (let h = 0; h < HINTS.length; h++) {
        const levels = hintDistance[h] as number;
        if (levels >= 0) local[from + h] = Math.min(levels, NO_HINT - 1);
      }
    }
  }

  private writePhrases(): void {
    const { local, blocks, phraseKind, phraseRank } = this;
    for (let i = 0; i < blocks.length; i++) {
      const b = blocks[i] as Block;
      const phrase = phraseOf(b);
      if (!phrase) continue;
      const kind = PHRASE_KINDS.indexOf(phrase.kind);
      const at = i * WIDTH + PHRASES;
      local[at + kind] = phrase.whole ? 2 : 1;
      local[at + PHRASE_KINDS.length] = phrase.length / foldedStart(b).length;
      phraseKind[i] = kind + 1;
      phraseRank[i] = phrase.whole ? 2 : b.chars < 120 && !b.endsSentence ? 1 : 0;
    }
  }

  private writeSurroundings(): void {
    const { local, titleAt, blocks, sums } = this;
    const title = titleAt < 0 ? undefined : blocks[titleAt]?.node;
    const titleHolder = title?.parent?.parent ?? title?.parent;
    let h1s = 0;
    for (let i = 0; i < blocks.length; i++) {
      const b = blocks[i] as Block;
      const { article } = b;
      let c = i * WIDTH + H1S;
      local[c++] = Math.min(h1s, 10);
      local[c++] = article ? (titleAt >= article.from && titleAt < article.to ? 1 : 0) : -1;
      local[c++] = article ? Math.min(20, sums.articleOrder.get(article) as number) : -1;
      local[c++] = titleHolder && i >= titleHolder.from && i < titleHolder.to ? 1 : 0;
      local[c++] = b.afterBreak || b.afterGap ? 1 : 0;
      local[c++] = b.linkFirst ? 1 : 0;
      local[c++] = b.linkLast ? 1 : 0;
      if (b.node.tag === 'h1') h1s++;
    }
  }

  private writeEmbedded(): void {
    for (const b of this.blocks) if (b.quote && isEmbedded(b)) this.local[b.index * WIDTH + EMBED] = 1;
  }

  private writeTables(): void {
    const { local, blocks } = this;
    for (const b of blocksInCells(blocks)) {
      const row = rowOf(b);
      const table = tableOf(b);
      if (row) local[b.index * WIDTH + ROW_CELLS] = Math.min(50, row.to - row.from);
      if (table) local[b.index * WIDTH + TABLE_BLOCKS] = Math.min(200, table.to - table.from);
    }
  }

  private writeKin(): void {
    const { local, sums } = this;
    const { near, far, chars } = sums;
    const n = this.blocks.length;
    const pageChars = chars[n] as number;
    for (let i = 0; i < n; i++) {
      const row = i * WIDTH;
      writeKin(near, near.of[i] as number, pageChars, local, row + NEAR_KIN);
      const kin = far.of[i] as number;
      const count = far.blocks[kin] as number;
      writeKin(far, kin, pageChars, local, row + FAR_KIN);
      local[row + FAR_KIN_ENDS] = (far.sentences[kin] as number) / count;
      local[row + FAR_KIN_ENDS + 1] = (far.linkFirst[kin] as number) / count;
      local[row + FAR_KIN_ENDS + 2] = logOf(far.longest[kin] as number);
    }
  }

  private writeFamilies(): void {
    const { local, blocks, sums } = this;
    const most = mostProse(blocks, sums.prose);
    let family: TreeNode | undefined;
    for (let i = 0; i < blocks.length; i++) {
      const { node } = blocks[i] as Block;
      const parent = node.parent ?? node;
      const row = i * WIDTH;
      if (parent !== family) this.writeFamily(parent, most, row + FAMILY);
      else for (let c = row + FAMILY; c < row + FAMILY_END; c++) local[c] = local[c - WIDTH] as number;
      local[row + PARENT_PLACE] = (i - parent.from) / Math.max(1, parent.to - parent.from);
      family = parent;
    }
  }

  /** `most` is the prose of the element that has the most. */
  private writeFamily(parent: TreeNode, most: number, at: number): void {
    const { local } = this;
    const { longs, prose } = this.sums;
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
    local[c++] = span(prose, parent) / most;
    local[c++] = span(prose, grand) / most;
    local[c++] = span(prose, great) / most;
    local[c++] = levelsTo(parent, this.titleAt);
  }

  private writeDensity(node: TreeNode, at: number): number {
    const chars = span(this.sums.chars, node);
    this.local[at] = logOf(chars);
    this.local[at + 1] = span(this.sums.linkChars, node) / (chars || 1);
    return at + 2;
  }

  private writeArticles(): void {
    const { local, blocks, sums } = this;
    const { chars, articleRank } = sums;
    const pageChars = chars[blocks.length] as number;
    for (let i = 0; i < blocks.length; i++) {
      const { article } = blocks[i] as Block;
      if (!article) continue;
      local[i * WIDTH + ARTICLE] = span(chars, article) / pageChars;
      local[i * WIDTH + ARTICLE_RANK] = Math.min(20, articleRank.get(article) as number);
    }
  }

  /** What has gone before: the last heading and the last stock phrase that is a block of its own. */
  private writeTrail(): void {
    const { local, blocks, phraseKind, phraseRank, sums } = this;
    const { chars } = sums;
    let headingAt = -1;
    let headingKind = 0;
    let headingLevel = 0;
    let phraseAt = -1;
    let lastPhrase = 0;
    for (let i = 0; i < blocks.length; i++) {
      let c = i * WIDTH + TRAIL;
      local[c++] = headingKind;
      local[c++] = headingAt < 0 ? -1 : Math.min(i - headingAt, 60);
      local[c++] = headingLevel;
      local[c++] = phraseAt < 0 ? -1 : Math.min(i - phraseAt, 60);
      local[c++] = phraseAt < 0 ? -1 : logOf((chars[i] as number) - (chars[phraseAt] as number));
      local[c++] = lastPhrase;
      const b = blocks[i] as Block;
      const level = local[i * WIDTH + HEADING] as number;
      const kind = phraseKind[i] as number;
      if (level > 0 || (b.boldChars > b.chars * 0.9 && b.chars < 60)) {
        headingAt = i;
        headingKind = kind;
        headingLevel = level;
      }
      if (phraseRank[i] === 2) {
        phraseAt = i;
        lastPhrase = kind;
      }
    }
  }

  private writeNeighbours(): void {
    const { local } = this;
    const n = this.blocks.length;
    for (let i = 0; i < n; i++) {
      const row = i * WIDTH;
      if (i > 0) this.writeNeighbour(i, i - 1, row + BEFORE);
      if (i > 1) {
        local[row + PREV_2] = local[row - 2 * WIDTH + LOG_WEIGHT] as number;
        local[row + PREV_2 + 1] = local[row - 2 * WIDTH + LINK_DENSITY] as number;
      }
      if (i + 1 < n) this.writeNeighbour(i, i + 1, row + BEHIND);
      if (i + 2 < n) {
        local[row + NEXT_2] = local[row + 2 * WIDTH + LOG_WEIGHT] as number;
        local[row + NEXT_2 + 1] = local[row + 2 * WIDTH + LINK_DENSITY] as number;
        local[row + NEXT_2 + 2] = local[row + 2 * WIDTH + ENDS_SENTENCE] as number;
      }
    }
  }

  private writeNeighbour(i: number, other: number, at: number): void {
    const { local, phraseRank } = this;
    const kin = this.sums.far.of;
    const row = other * WIDTH;
    local[at] = local[row + LOG_WEIGHT] as number;
    local[at + 1] = local[row + LINK_DENSITY] as number;
    local[at + 2] = local[row + ENDS_SENTENCE] as number;
    local[at + 3] = local[row + HEADING] as number;
    local[at + 4] = phraseRank[other] as number;
    local[at + 5] = kin[other] === kin[i] ? 1 : 0;
  }

  private writeLevels(): void {
    const { local, blocks } = this;
    for (let i = 0; i < blocks.length; i++) {
      const { node } = blocks[i] as Block;
      local[i * WIDTH + LEVELS] = levelsTo(node, i - 1);
      local[i * WIDTH + LEVELS + 1] = levelsTo(node, i + 1);
    }
  }
}

/** What the rows of a page have in common, and what they have where there is nothing to write. `linkedChars` is the length of the JSON-LD text. */
function commonRow(blocks: readonly Block[], sums: PageSums, linkedChars: number): Float32Array {
  const { chars, linkChars, longs, articleRank } = sums;
  const n = blocks.length;
  const pageChars = chars[n] as number;
  const row = new Float32Array(WIDTH);
  const write = (name: string, value: number) => {
    row[columnOf(name)] = value;
  };
  row.fill(NO_HINT, FIRST_HINT, PHRASES);
  write('articles', Math.min(20, articleRank.size));
  write('articleRank', 20);
  write('pageChars', logOf(pageChars));
  write('pageLong', Math.min(100, longs[n] as number));
  write('pageLinkDensity', (linkChars[n] as number) / (pageChars || 1));
  write('hasLd', logOf(linkedChars));
  write('nonLatin', nonLatinChars(blocks) / (pageChars || 1));
  row.fill(-1, BEFORE, BEHIND_END);
  write('prevSamePath', 0);
  write('nextSamePath', 0);
  return row;
}

function repeated(row: Float32Array, times: number): Float32Array {
  const rows = new Float32Array(row.length * times);
  if (times > 0) rows.set(row);
  for (let filled = row.length; filled < rows.length; filled *= 2) rows.copyWithin(filled, 0, filled);
  return rows;
}

function writeKin(kin: Kin, k: number, pageChars: number, out: Float32Array, at: number): void {
  const blocks = kin.blocks[k] as number;
  const chars = kin.chars[k] as number;
  out[at] = Math.min(blocks, 200);
  out[at + 1] = chars / blocks;
  out[at + 2] = (kin.linkChars[k] as number) / chars;
  out[at + 3] = chars / pageChars;
}

const ADDRESS = /https?:\/\/|www\.|\S@\S+\.\w/;
const COPYRIGHT = /[©®]|\(c\)/i;
const DATE_LIKE =
  /\b\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}\b|\b\d{1,2}:\d{2}\b|\b(?:19|20)\d{2}\b|[٠-٩۰-۹]{4}|年\d{1,2}月/;
const OPENING_QUOTES = '"“”«„\'‘»';

const mayHoldAddress = ({ flags, text }: Block) =>
  (flags & ADDRESS_SIGN) !== 0 || ((flags & STOP) !== 0 && text.includes('www.'));

/** Writes logChars to dateLike from `at` on. */
function writeText(b: Block, weight: number, out: Float32Array, at: number): void {
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
}
