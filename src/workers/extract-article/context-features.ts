import type { Block } from './blocks.ts';
import { wordsOf } from './characters.ts';
import { CONTEXT_FEATURES, LOCAL_FEATURES } from './feature-columns.ts';
import type { Kin } from './kin.ts';
import type { BlockFeatures } from './local-features.ts';
import { levelsTo, logOf, span } from './page-sums.ts';
import type { TreeNode } from './tree.ts';

/** Probability at which a block counts as surely article text. */
const SURE = 0.7;
const MIN_SURE_WEIGHT = 60;
/** Of the block that is most surely text. */
const MIN_BEST_WEIGHT = 40;
/** And below which its words are not looked at. */
const HOPELESS = 0.05;
/** Blocks counted to the next sure one, at most. */
const MAX_DISTANCE = 60;
/** Blocks of an element looked at for its best one. */
const MAX_SIBLINGS = 300;

/** Words of a block that are compared. */
const MAX_WORDS = 120;
/** Shorter words in Latin, Greek and Cyrillic letters are mostly grammar. */
const MIN_WORD = 5;

/**
 * The local features with what the first pass thinks of the block, its neighbours, its kin and the body element. `p` is the first pass;
 * `wanted` are the blocks rows are made for, all when left out.
 */
export function contextFeatures(
  blocks: Block[],
  features: BlockFeatures,
  p: Float32Array,
  body: TreeNode,
  wanted?: readonly number[],
): Float32Array {
  const votes = new Votes(blocks, features, p, body);
  const from = LOCAL_FEATURES.length;
  const count = wanted?.length ?? blocks.length;
  const rows = new Float32Array(count * WIDTH);
  for (let row = 0; row < count; row++) {
    const i = wanted ? (wanted[row] as number) : row;
    rows.set(features.local.subarray(i * from, (i + 1) * from), row * WIDTH);
    const c = votes.writeNeighbours(i, rows, row * WIDTH + from);
    votes.writeRest(i, rows, votes.writeBody(i, rows, votes.writeParents(i, rows, c)));
  }
  return rows;
}

const WIDTH = CONTEXT_FEATURES.length;

/** What the first pass thinks of a page. */
class Votes {
  private readonly blocks: Block[];
  private readonly features: BlockFeatures;
  private readonly p: Float32Array;
  private readonly body: TreeNode;
  /** Sums over the blocks before the i-th: weight, weighted probability, blocks surely text. */
  private readonly before: Float64Array;
  private readonly mass: Float64Array;
  private readonly sures: Float64Array;
  /** First and last block of the body element that is surely text, or -1. */
  private first = -1;
  private last = -1;
  /** Best probability of a block that is not too short. */
  private best = 0.01;
  private readonly contentWords: string[][];
  /** Words of the text that is surely the article's, to tell teasers of other articles from it, with the number of blocks they are in. */
  private readonly topic = new Map<string, number>();
  private readonly sinceSure: Int16Array;
  private readonly untilSure: Int16Array;
  private readonly bests = new Map<TreeNode, number>();

  constructor(blocks: Block[], features: BlockFeatures, p: Float32Array, body: TreeNode) {
    const n = blocks.length;
    this.blocks = blocks;
    this.features = features;
    this.p = p;
    this.body = body;
    this.before = new Float64Array(n + 1);
    this.mass = new Float64Array(n + 1);
    this.sures = new Float64Array(n + 1);
    this.sinceSure = new Int16Array(n);
    this.untilSure = new Int16Array(n);
    this.contentWords = blocks.map(({ text }, i) => ((p[i] as number) < HOPELESS ? NO_WORDS : contentWordsOf(text)));
    this.sumUp();
    this.findDistances();
  }

  private sumUp(): void {
    const { p, body, before, mass, sures, topic } = this;
    const { near, far, weights } = this.features;
    for (const kin of near) kin.sum = 0;
    for (const kin of far) kin.sum = 0;
    for (let i = 0; i < p.length; i++) {
      const weight = weights[i] as number;
      const probability = p[i] as number;
      const isSure = this.isSure(i);
      before[i + 1] = (before[i] as number) + weight;
      mass[i + 1] = (mass[i] as number) + weight * probability;
      sures[i + 1] = (sures[i] as number) + (isSure ? 1 : 0);
      (near[i] as Kin).sum += weight * probability;
      (far[i] as Kin).sum += weight * probability;
      if (weight >= MIN_BEST_WEIGHT && probability > this.best) this.best = probability;
      if (!isSure) continue;
      if (i >= body.from && i < body.to) {
        if (this.first < 0) this.first = i;
        this.last = i;
      }
      for (const word of new Set(this.contentWords[i])) topic.set(word, (topic.get(word) ?? 0) + 1);
    }
  }

  private findDistances(): void {
    const { sinceSure, untilSure } = this;
    const n = sinceSure.length;
    for (let i = 0, at = -1; i < n; i++) {
      sinceSure[i] = at < 0 ? MAX_DISTANCE : Math.min(MAX_DISTANCE, i - at);
      if (this.isSure(i)) at = i;
    }
    for (let i = n - 1, at = n; i >= 0; i--) {
      untilSure[i] = at >= n ? MAX_DISTANCE : Math.min(MAX_DISTANCE, at - i);
      if (this.isSure(i)) at = i;
    }
  }

  private isSure(i: number): boolean {
    return (this.p[i] as number) > SURE && (this.features.weights[i] as number) >= MIN_SURE_WEIGHT;
  }

  /** Each of these writes its columns from `at` on and returns where it ended. */
  writeNeighbours(i: number, out: Float32Array, at: number): number {
    const { near, far } = this.features;
    out[at] = this.at(i);
    for (let away = 1; away <= 3; away++) {
      out[at + away] = this.at(i - away);
      out[at + 3 + away] = this.at(i + away);
    }
    out[at + 7] = this.mean(i - 5, i);
    out[at + 8] = this.mean(i + 1, i + 6);
    out[at + 9] = (near[i] as Kin).sum / (near[i] as Kin).chars;
    out[at + 10] = (far[i] as Kin).sum / (far[i] as Kin).chars;
    return at + 11;
  }

  writeParents(i: number, out: Float32Array, at: number): number {
    const { node } = this.blocks[i] as Block;
    const parent = node.parent ?? node;
    const grand = parent.parent ?? parent;
    const great = grand.parent ?? grand;
    out[at] = this.mean(parent.from, parent.to);
    out[at + 1] = this.mean(grand.from, grand.to);
    out[at + 2] = this.mean(great.from, great.to);
    return at + 3;
  }

  writeBody(i: number, out: Float32Array, at: number): number {
    const { body, before, first, last } = this;
    const { node } = this.blocks[i] as Block;
    const inBody = i >= body.from && i < body.to;
    const here = before[i] as number;
    const total = span(before, body);
    let c = at;
    out[c++] = inBody ? 1 : 0;
    out[c++] = inBody ? node.depth - body.depth : -1;
    out[c++] = inBody ? (here - (before[body.from] as number)) / (total || 1) : i < body.from ? -1 : 2;
    out[c++] = this.mean(body.from, body.to);
    out[c++] = total / ((before[before.length - 1] as number) || 1);
    out[c++] = first < 0 ? -99 : Math.max(-50, Math.min(50, i - first));
    out[c++] = last < 0 ? -99 : Math.max(-50, Math.min(50, last - i));
    out[c++] = first < 0 ? 0 : Math.sign(i - first) * logOf(Math.abs(here - (before[first] as number)));
    out[c++] = last < 0 ? 0 : Math.sign(last - i) * logOf(Math.abs((before[last] as number) - here));
    return c;
  }

  writeRest(i: number, out: Float32Array, at: number): void {
    const { p, best, sures, mass, features } = this;
    const { node } = this.blocks[i] as Block;
    const near = features.near[i] as Kin;
    const far = features.far[i] as Kin;
    const parent = node.parent ?? node;
    const total = (mass[mass.length - 1] as number) || 1;
    let c = at;
    out[c++] = span(sures, parent);
    out[c++] = this.topicShare(i);
    out[c++] = (p[i] as number) / best;
    out[c++] = far.sum / far.chars / best;
    out[c++] = best;
    out[c++] = Math.min(60, sures[sures.length - 1] as number);
    out[c++] = this.sinceSure[i] as number;
    out[c++] = this.untilSure[i] as number;
    out[c++] = near.sum / total;
    out[c++] = far.sum / total;
    out[c++] = levelsTo(node, this.body.from);
    out[c++] = this.bestIn(parent);
  }

  /** Probability of a block; -1 for none. */
  private at(i: number): number {
    return i >= 0 && i < this.p.length ? (this.p[i] as number) : -1;
  }

  /** Mean probability by weight of the blocks from the first to before the second; -1 where there are none. */
  private mean(from: number, to: number): number {
    const { before, mass } = this;
    const first = Math.max(0, from);
    const end = Math.min(before.length - 1, to);
    const total = (before[end] as number) - (before[first] as number);
    return total > 0 ? ((mass[end] as number) - (mass[first] as number)) / total : -1;
  }

  /** Share of the block's words that other blocks of the article have as well; -1 where there is nothing to compare. */
  private topicShare(i: number): number {
    const words = this.contentWords[i] as string[];
    if (words.length === 0 || this.topic.size === 0) return -1;
    const own = this.isSure(i) ? 1 : 0;
    let known = 0;
    for (const word of words) if ((this.topic.get(word) ?? 0) > own) known++;
    return known / words.length;
  }

  private bestIn(node: TreeNode): number {
    let found = this.bests.get(node);
    if (found === undefined) {
      found = 0;
      const end = Math.min(node.to, node.from + MAX_SIBLINGS);
      for (let i = node.from; i < end; i++) found = Math.max(found, this.p[i] as number);
      this.bests.set(node, found);
    }
    return found;
  }
}

const NO_WORDS: string[] = [];

function contentWordsOf(text: string): string[] {
  return wordsOf(text, MAX_WORDS).filter((word) => word.length >= MIN_WORD || /[^\u0000-\u05ff]/.test(word));
}
