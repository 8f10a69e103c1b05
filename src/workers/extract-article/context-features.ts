import type { Block } from './blocks.ts';
import { wordsOf } from './characters.ts';
import { CONTEXT_FEATURES, LOCAL_FEATURES } from './feature-columns.ts';
import type { Kin } from './kin.ts';
import type { BlockFeatures } from './local-features.ts';
import { levelsTo, logOf, span } from './page-sums.ts';
import type { TreeNode } from './tree.ts';

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
  const { near, far, weights } = features;
  const before = new Float64Array(n + 1);
  const mass = new Float64Array(n + 1);
  const sures = new Float64Array(n + 1);
  const isSure = (i: number) => (p[i] as number) > SURE && (weights[i] as number) >= 60;
  for (const kin of near) kin.sum = 0;
  for (const kin of far) kin.sum = 0;
  let first = -1;
  let last = -1;
  for (let i = 0; i < n; i++) {
    const w = weights[i] as number;
    before[i + 1] = (before[i] as number) + w;
    mass[i + 1] = (mass[i] as number) + w * (p[i] as number);
    const sure = isSure(i);
    sures[i + 1] = (sures[i] as number) + (sure ? 1 : 0);
    (near[i] as Kin).sum += w * (p[i] as number);
    (far[i] as Kin).sum += w * (p[i] as number);
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
    put((near[i] as Kin).sum / (near[i] as Kin).chars);
    put((far[i] as Kin).sum / (far[i] as Kin).chars);
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
    put(first < 0 ? 0 : Math.sign(i - first) * logOf(Math.abs((before[i] as number) - (before[first] as number))));
    put(last < 0 ? 0 : Math.sign(last - i) * logOf(Math.abs((before[last] as number) - (before[i] as number))));
    put((sures[parent.to] as number) - (sures[parent.from] as number));
    const words = contentWords[i] as string[];
    const own = isSure(i) ? 1 : 0;
    let known = 0;
    for (const word of words) if ((topic.get(word) ?? 0) > own) known++;
    put(words.length > 0 && topic.size > 0 ? known / words.length : -1);
    put((p[i] as number) / best);
    put((far[i] as Kin).sum / (far[i] as Kin).chars / best);
    put(best);
    put(Math.min(60, sures[n] as number));
    put(sinceSure[i] as number);
    put(untilSure[i] as number);
    put((near[i] as Kin).sum / (total || 1));
    put((far[i] as Kin).sum / (total || 1));
    put(levelsTo(b.node, body.from));
    put(bestIn(parent));
  }
  return rows;
}
