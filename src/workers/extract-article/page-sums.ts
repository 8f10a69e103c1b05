import type { Block } from './blocks.ts';
import { countDense, FOREIGN } from './characters.ts';
import { findKin, type Kin } from './kin.ts';
import type { TreeNode } from './tree.ts';

/** Weight from which a block counts as a long one. */
const LONG = 80;
/** A long paragraph counts no more than this as prose. */
const MAX_PROSE = 800;
/** Characters of scripts that say more in each count this much more. */
const DENSE_EXTRA = 1.5;
/** Blocks that begin with the same so many code units are repeats. */
const REPEATED_START = 80;

/** What the features of every block of a page are reckoned from. */
export interface PageSums {
  /** Characters per block, those of dense scripts for more than one. */
  weights: Float64Array;
  /** Sums over the blocks before the i-th, so that any subtree's total is a subtraction (see `span`): weights, … */
  chars: Float64Array;
  linkChars: Float64Array;
  /** … long blocks of few links, and the weight of prose. */
  longs: Float64Array;
  prose: Float64Array;
  near: Kin;
  far: Kin;
  /** How many blocks of the page begin alike, per block. */
  repeats: Int32Array;
  /** The page's `<article>` elements: number in document order, and rank by the text they hold. */
  articleOrder: ReadonlyMap<TreeNode, number>;
  articleRank: ReadonlyMap<TreeNode, number>;
}

export function sumUp(blocks: readonly Block[]): PageSums {
  const weights = weigh(blocks);
  const { linked, ...sums } = runningSums(blocks, weights);
  const kin = findKin(blocks, weights, linked);
  return { weights, ...sums, ...kin, repeats: countRepeats(blocks), ...orderArticles(blocks, sums.chars) };
}

function runningSums(blocks: readonly Block[], weights: Float64Array) {
  const n = blocks.length;
  /** Weight in links per block. */
  const linked = new Float64Array(n);
  const chars = new Float64Array(n + 1);
  const linkChars = new Float64Array(n + 1);
  const longs = new Float64Array(n + 1);
  const prose = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const b = blocks[i] as Block;
    const weight = weights[i] as number;
    const isFree = b.linkChars < b.chars / 3;
    const isLong = weight >= LONG;
    const isProse = isFree && (isLong || b.endsSentence) && !b.hidden;
    linked[i] = (weight * b.linkChars) / b.chars;
    chars[i + 1] = (chars[i] as number) + weight;
    linkChars[i + 1] = (linkChars[i] as number) + (linked[i] as number);
    longs[i + 1] = (longs[i] as number) + (isFree && isLong ? 1 : 0);
    prose[i + 1] = (prose[i] as number) + (isProse ? Math.min(weight, MAX_PROSE) : 0);
  }
  return { linked, chars, linkChars, longs, prose };
}

function weigh(blocks: readonly Block[]): Float64Array {
  const weights = new Float64Array(blocks.length);
  for (let i = 0; i < blocks.length; i++) {
    const { chars, flags, text } = blocks[i] as Block;
    weights[i] = flags & FOREIGN ? chars + countDense(text) * DENSE_EXTRA : chars;
  }
  return weights;
}

function countRepeats(blocks: readonly Block[]): Int32Array {
  const firsts = new Map<string, number>();
  const counts = new Int32Array(blocks.length);
  const first = new Int32Array(blocks.length);
  for (let i = 0; i < blocks.length; i++) {
    const { text } = blocks[i] as Block;
    const key = text.slice(0, REPEATED_START);
    const at = firsts.get(key) ?? i;
    if (at === i) firsts.set(key, i);
    first[i] = at;
    counts[at] = (counts[at] as number) + 1;
  }
  return first.map((at) => counts[at] as number);
}

function orderArticles(blocks: readonly Block[], chars: Float64Array): Pick<PageSums, 'articleOrder' | 'articleRank'> {
  const articles = new Set<TreeNode>();
  for (const { article } of blocks) if (article) articles.add(article);
  const ranked = [...articles].sort((a, b) => span(chars, b) - span(chars, a));
  return { articleOrder: placesOf(articles), articleRank: placesOf(ranked) };
}

const placesOf = (nodes: Iterable<TreeNode>) => new Map(Array.from(nodes, (node, i) => [node, i]));

/** The prose of the element around a block that has the most; at least 1. */
export function mostProse(blocks: readonly Block[], prose: Float64Array): number {
  let most = 1;
  for (let i = 0; i < blocks.length; i++) {
    const { node } = blocks[i] as Block;
    most = Math.max(most, span(prose, node.parent ?? node));
  }
  return most;
}

/** Characters of blocks in other scripts than Latin. */
export function nonLatinChars(blocks: readonly Block[]): number {
  let sum = 0;
  for (const { flags, chars } of blocks) if (flags & FOREIGN) sum += chars;
  return sum;
}

/** What the blocks of an element sum up to. */
export function span(sums: Float64Array, node: TreeNode): number {
  return (sums[node.to] as number) - (sums[node.from] as number);
}

export function logOf(n: number): number {
  return n > 0 ? Math.log2(1 + n) : 0;
}

const MAX_LEVELS = 20;

/** Levels up, MAX_LEVELS at most, from an element to the nearest one that holds a block; -1 for a block there is not. */
export function levelsTo(node: TreeNode, index: number): number {
  if (index < 0) return -1;
  let levels = 0;
  let at: TreeNode | undefined = node;
  while (at && levels < MAX_LEVELS && !(index >= at.from && index < at.to)) {
    at = at.parent;
    levels++;
  }
  return levels;
}
