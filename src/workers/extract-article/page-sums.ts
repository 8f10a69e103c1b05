import type { Block } from './blocks.ts';
import { countDense, FOREIGN } from './characters.ts';
import { addToKin, type Kin, KinOfPage } from './kin.ts';
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
  /** Of the element around a block that has the most; at least 1. */
  mostProse: number;
  /** Per block. */
  near: Kin[];
  far: Kin[];
  /** How many blocks of the page begin alike, per block. */
  repeats: Int32Array;
  /** Characters of blocks in other scripts than Latin. */
  nonLatin: number;
  /** The page's `<article>` elements: number in document order, and rank by the text they hold. */
  articleOrder: Map<TreeNode, number>;
  articleRank: Map<TreeNode, number>;
}

export function sumUp(blocks: Block[]): PageSums {
  const n = blocks.length;
  const weights = new Float64Array(n);
  const chars = new Float64Array(n + 1);
  const linkChars = new Float64Array(n + 1);
  const longs = new Float64Array(n + 1);
  const prose = new Float64Array(n + 1);
  const near: Kin[] = [];
  const far: Kin[] = [];
  const kinOfPage = new KinOfPage();
  let nonLatin = 0;
  for (let i = 0; i < n; i++) {
    const b = blocks[i] as Block;
    let weight = b.chars;
    if (b.flags & FOREIGN) {
      weight += countDense(b.text) * DENSE_EXTRA;
      nonLatin += b.chars;
    }
    const linked = (weight * b.linkChars) / b.chars;
    const isFree = b.linkChars < b.chars / 3;
    const isProse = isFree && (weight >= LONG || b.endsSentence) && !b.hidden;
    weights[i] = weight;
    chars[i + 1] = (chars[i] as number) + weight;
    linkChars[i + 1] = (linkChars[i] as number) + linked;
    longs[i + 1] = (longs[i] as number) + (isFree && weight >= LONG ? 1 : 0);
    prose[i + 1] = (prose[i] as number) + (isProse ? Math.min(weight, MAX_PROSE) : 0);
    const kin = kinOfPage.of(b.node);
    near.push(kin.near);
    far.push(kin.far);
    addToKin(kin.near, b, weight, linked);
    addToKin(kin.far, b, weight, linked);
  }
  let mostProse = 1;
  for (const { node } of blocks) mostProse = Math.max(mostProse, span(prose, node.parent ?? node));
  return {
    weights,
    chars,
    linkChars,
    longs,
    prose,
    mostProse,
    near,
    far,
    repeats: countRepeats(blocks),
    nonLatin,
    ...orderArticles(blocks, chars),
  };
}

function countRepeats(blocks: Block[]): Int32Array {
  const firsts = new Map<string, number>();
  const counts = new Int32Array(blocks.length);
  const first = new Int32Array(blocks.length);
  blocks.forEach(({ text }, i) => {
    const key = text.length > REPEATED_START ? text.slice(0, REPEATED_START) : text;
    const known = firsts.get(key);
    if (known === undefined) firsts.set(key, i);
    first[i] = known ?? i;
    counts[first[i] as number] = (counts[first[i] as number] as number) + 1;
  });
  return first.map((i) => counts[i] as number);
}

function orderArticles(blocks: Block[], chars: Float64Array): Pick<PageSums, 'articleOrder' | 'articleRank'> {
  const articles = [...new Set(blocks.flatMap(({ article }) => article ?? []))];
  const ranked = [...articles].sort((a, b) => span(chars, b) - span(chars, a));
  return {
    articleOrder: new Map(articles.map((article, i) => [article, i])),
    articleRank: new Map(ranked.map((article, i) => [article, i])),
  };
}

/** What the blocks of an element sum up to. */
export function span(sums: Float64Array, node: TreeNode): number {
  return (sums[node.to] as number) - (sums[node.from] as number);
}

export function logOf(n: number): number {
  return Math.log2(1 + Math.max(0, n));
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
