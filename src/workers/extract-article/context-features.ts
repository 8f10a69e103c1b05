import type { Block } from './blocks.ts';
import { CONTEXT_FEATURES, LOCAL_FEATURES } from './feature-columns.ts';
import type { Kin } from './kin.ts';
import type { BlockFeatures } from './local-features.ts';
import { levelsTo, logOf, span } from './page-sums.ts';
import { Topic } from './topic.ts';
import type { TreeNode } from './tree.ts';

/** Probability at which a block counts as surely article text. */
const SURE = 0.7;
const MIN_SURE_WEIGHT = 60;
/** Of the block that is most surely text. */
const MIN_BEST_WEIGHT = 40;
/** Blocks counted to the next sure one, at most. */
const MAX_DISTANCE = 60;
/** Blocks of an element looked at for its best one. */
const MAX_SIBLINGS = 300;

const LOCAL_WIDTH = LOCAL_FEATURES.length;
const WIDTH = CONTEXT_FEATURES.length;
/** Where columns begin that are written together. */
const NEIGHBOURS = CONTEXT_FEATURES.indexOf('self');
const PARENTS = CONTEXT_FEATURES.indexOf('parentMean');
const BODY = CONTEXT_FEATURES.indexOf('inBody');
const REST = CONTEXT_FEATURES.indexOf('sureInParent');

/**
 * The local features with what the first pass thinks of the block, its neighbours, its kin and the body element. `p` is the first pass;
 * `wanted` are the blocks rows are made for.
 */
export function contextFeatures(
  blocks: Block[],
  features: BlockFeatures,
  p: Float32Array,
  body: TreeNode,
  wanted: Int32Array,
): Float32Array {
  const votes = new Votes(blocks, features, p, body);
  const rows = new Float32Array(wanted.length * WIDTH);
  copyRows(features.local, wanted, rows);
  votes.writeNeighbours(wanted, rows);
  votes.writeParents(wanted, rows);
  votes.writeBody(wanted, rows);
  votes.writeRest(wanted, rows);
  return rows;
}

/** Copies the wanted rows of local features: faster by hand than a view and a copy for every row. */
function copyRows(local: Float32Array, wanted: Int32Array, rows: Float32Array): void {
  for (let row = 0; row < wanted.length; row++) {
    const from = (wanted[row] as number) * LOCAL_WIDTH;
    for (let c = 0; c < LOCAL_WIDTH; c++) rows[row * WIDTH + c] = local[from + c] as number;
  }
}

/** What the first pass thinks of a page. */
class Votes {
  private readonly blocks: Block[];
  private readonly features: BlockFeatures;
  private readonly p: Float32Array;
  private readonly body: TreeNode;
  /** 1 for blocks that are surely text. */
  private readonly isSure: Uint8Array;
  /** Sums over the blocks before the i-th: weight, weighted probability, blocks surely text. */
  private readonly before: Float64Array;
  private readonly mass: Float64Array;
  private readonly sures: Float64Array;
  /** Weighted probability of all kin, by their number. */
  private readonly nearMass: Float64Array;
  private readonly farMass: Float64Array;
  /** First and last block of the body element that is surely text, or -1. */
  private first = -1;
  private last = -1;
  private readonly topic: Topic;
  private readonly sinceSure: Int16Array;
  private readonly untilSure: Int16Array;
  private readonly bests = new Map<TreeNode, number>();

  constructor(blocks: Block[], features: BlockFeatures, p: Float32Array, body: TreeNode) {
    const n = blocks.length;
    this.blocks = blocks;
    this.features = features;
    this.p = p;
    this.body = body;
    this.isSure = new Uint8Array(n);
    this.before = new Float64Array(n + 1);
    this.mass = new Float64Array(n + 1);
    this.sures = new Float64Array(n + 1);
    this.nearMass = new Float64Array(features.near.blocks.length);
    this.farMass = new Float64Array(features.far.blocks.length);
    this.sinceSure = new Int16Array(n);
    this.untilSure = new Int16Array(n);
    this.sumUp();
    this.findSures();
    this.topic = new Topic(blocks, p, this.isSure);
  }

  private sumUp(): void {
    const { p, before, mass, sures, isSure, nearMass, farMass } = this;
    const { near, far, weights } = this.features;
    for (let i = 0; i < p.length; i++) {
      const weight = weights[i] as number;
      const probability = p[i] as number;
      const n = near.of[i] as number;
      const f = far.of[i] as number;
      isSure[i] = probability > SURE && weight >= MIN_SURE_WEIGHT ? 1 : 0;
      before[i + 1] = (before[i] as number) + weight;
      mass[i + 1] = (mass[i] as number) + weight * probability;
      sures[i + 1] = (sures[i] as number) + (isSure[i] as number);
      nearMass[n] = (nearMass[n] as number) + weight * probability;
      farMass[f] = (farMass[f] as number) + weight * probability;
    }
  }

  private findSures(): void {
    const { body, isSure, sinceSure, untilSure } = this;
    const n = isSure.length;
    for (let i = 0, at = -1; i < n; i++) {
      sinceSure[i] = at < 0 ? MAX_DISTANCE : Math.min(MAX_DISTANCE, i - at);
      if (isSure[i] === 1) at = i;
    }
    for (let i = n - 1, at = n; i >= 0; i--) {
      untilSure[i] = at >= n ? MAX_DISTANCE : Math.min(MAX_DISTANCE, at - i);
      if (isSure[i] === 1) at = i;
    }
    const first = isSure.indexOf(1, body.from);
    if (first < 0 || first >= body.to) return;
    this.first = first;
    this.last = isSure.lastIndexOf(1, body.to - 1);
  }

  /** Each of these writes its columns in the rows of the wanted blocks. */
  writeNeighbours(wanted: Int32Array, rows: Float32Array): void {
    const { near, far } = this.features;
    for (let row = 0; row < wanted.length; row++) {
      const i = wanted[row] as number;
      const at = row * WIDTH + NEIGHBOURS;
      rows[at] = this.at(i);
      for (let away = 1; away <= 3; away++) {
        rows[at + away] = this.at(i - away);
        rows[at + 3 + away] = this.at(i + away);
      }
      rows[at + 7] = this.mean(i - 5, i);
      rows[at + 8] = this.mean(i + 1, i + 6);
      rows[at + 9] = meanOfKin(near, this.nearMass, i);
      rows[at + 10] = meanOfKin(far, this.farMass, i);
    }
  }

  writeParents(wanted: Int32Array, rows: Float32Array): void {
    for (let row = 0; row < wanted.length; row++) {
      const { node } = this.blocks[wanted[row] as number] as Block;
      const parent = node.parent ?? node;
      const grand = parent.parent ?? parent;
      const great = grand.parent ?? grand;
      const at = row * WIDTH + PARENTS;
      rows[at] = this.mean(parent.from, parent.to);
      rows[at + 1] = this.mean(grand.from, grand.to);
      rows[at + 2] = this.mean(great.from, great.to);
    }
  }

  writeBody(wanted: Int32Array, rows: Float32Array): void {
    const { body, before, first, last } = this;
    const total = span(before, body);
    const mean = this.mean(body.from, body.to);
    const share = total / ((before[before.length - 1] as number) || 1);
    for (let row = 0; row < wanted.length; row++) {
      const i = wanted[row] as number;
      const inBody = i >= body.from && i < body.to;
      const here = before[i] as number;
      let c = row * WIDTH + BODY;
      rows[c++] = inBody ? 1 : 0;
      rows[c++] = inBody ? (this.blocks[i] as Block).node.depth - body.depth : -1;
      rows[c++] = inBody ? (here - (before[body.from] as number)) / (total || 1) : i < body.from ? -1 : 2;
      rows[c++] = mean;
      rows[c++] = share;
      rows[c++] = first < 0 ? -99 : Math.max(-50, Math.min(50, i - first));
      rows[c++] = last < 0 ? -99 : Math.max(-50, Math.min(50, last - i));
      rows[c++] = first < 0 ? 0 : Math.sign(i - first) * logOf(Math.abs(here - (before[first] as number)));
      rows[c++] = last < 0 ? 0 : Math.sign(last - i) * logOf(Math.abs((before[last] as number) - here));
    }
  }

  writeRest(wanted: Int32Array, rows: Float32Array): void {
    const { p, sures, mass, nearMass, farMass, blocks } = this;
    const { near, far } = this.features;
    const best = this.bestOfPage();
    const total = (mass[mass.length - 1] as number) || 1;
    const pageSures = Math.min(60, sures[sures.length - 1] as number);
    for (let row = 0; row < wanted.length; row++) {
      const i = wanted[row] as number;
      const { node } = blocks[i] as Block;
      const parent = node.parent ?? node;
      let c = row * WIDTH + REST;
      rows[c++] = span(sures, parent);
      rows[c++] = this.topic.share(i);
      rows[c++] = (p[i] as number) / best;
      rows[c++] = meanOfKin(far, farMass, i) / best;
      rows[c++] = best;
      rows[c++] = pageSures;
      rows[c++] = this.sinceSure[i] as number;
      rows[c++] = this.untilSure[i] as number;
      rows[c++] = (nearMass[near.of[i] as number] as number) / total;
      rows[c++] = (farMass[far.of[i] as number] as number) / total;
      rows[c++] = levelsTo(node, this.body.from);
      rows[c++] = this.bestIn(parent);
    }
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

  /** Best probability of a block that is not too short. */
  private bestOfPage(): number {
    const { p } = this;
    const { weights } = this.features;
    let best = 0.01;
    for (let i = 0; i < p.length; i++)
      if ((weights[i] as number) >= MIN_BEST_WEIGHT && (p[i] as number) > best) best = p[i] as number;
    return best;
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

function meanOfKin(kin: Kin, mass: Float64Array, i: number): number {
  const k = kin.of[i] as number;
  return (mass[k] as number) / (kin.chars[k] as number);
}
