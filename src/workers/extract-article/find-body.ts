import type { Block } from './blocks.ts';
import { bestCut, blocksAbove, likeliest, pruned, tablesAsOne } from './choose-blocks.ts';
import { blockClassifier } from './classifier.ts';
import { contextFeatures } from './context-features.ts';
import { CONTEXT_FEATURES, LOCAL_FEATURES } from './feature-columns.ts';
import type { PageContext } from './likeness.ts';
import { localFeatures } from './local-features.ts';
import { span } from './page-sums.ts';
import { fold } from './phrases.ts';
import { dataTables } from './tables.ts';
import { elementAfter, type TreeNode } from './tree.ts';

/** Some block must be as likely for the text to be more than a guess. */
const SURE = 0.5;
/** First-pass probability below which a block is given up. */
const HOPELESS = 0.01;
/** First-pass probability at which a block neither speaks for nor against the elements around it. */
const NEUTRAL = 0.4;
/** A long paragraph counts no more than this many code units when the body element is sought. */
const MAX_WEIGHT = 800;

export interface Body {
  /** The element that holds the text best; kept blocks may lie around it (a lead above the share bar). */
  element: TreeNode;
  kept: Block[];
  /** Mean probability of the kept text, 0 to 1. */
  confidence: number;
  method: 'blocks' | 'best-guess' | 'none';
}

/**
 * The blocks that are article text. Two passes of one kind of classifier: the first sees a block, its place and its neighbours;
 * between them the body element is found; the second also sees what the first thinks of the blocks around, of those with the
 * same tag and class path, and where the block lies in the body element.
 */
export function findBodyBlocks(root: TreeNode, blocks: Block[], page: PageContext): Body {
  if (blocks.length === 0) return { element: root, kept: [], confidence: 0, method: 'none' };
  const classifier = blockClassifier(LOCAL_FEATURES, CONTEXT_FEATURES);
  const features = localFeatures(blocks, page);
  const { weights } = features;
  const first = classifier.first(features.local, LOCAL_FEATURES.length);
  const element = bodyElement(root, first, weights);
  const wanted = worthASecondLook(first);
  const rows = contextFeatures(blocks, features, first, element, wanted);
  const second = spread(classifier.second(rows, CONTEXT_FEATURES.length), wanted, blocks.length);

  const tables = dataTables(blocks);
  const p = tablesAsOne(tables, second, weights);
  const headline = { foldedTitle: fold(page.title), titleAt: page.titleAt };
  const chosen = pruned(blocksAbove(blocks, tables, p, bestCut(p, weights)), headline);
  const kept = chosen.length > 0 ? chosen : likeliest(blocks, p, weights, headline);
  return { element, kept, confidence: meanOf(kept, p, weights), method: methodOf(kept, p) };
}

/** Most blocks of a page are links of menus, which no second look saves. */
export function worthASecondLook(first: Float32Array): Int32Array {
  const wanted: number[] = [];
  for (let i = 0; i < first.length; i++) if ((first[i] as number) >= HOPELESS) wanted.push(i);
  return Int32Array.from(wanted);
}

/** The values by index, 0 for the others of `length`. */
function spread(values: Float32Array, indexes: Int32Array, length: number): Float32Array {
  const all = new Float32Array(length);
  for (let k = 0; k < indexes.length; k++) all[indexes[k] as number] = values[k] as number;
  return all;
}

function methodOf(kept: Block[], p: Float32Array): Body['method'] {
  if (kept.some(({ index }) => (p[index] as number) > SURE)) return 'blocks';
  return kept.length > 0 ? 'best-guess' : 'none';
}

function meanOf(kept: Block[], p: Float32Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (const { index } of kept) {
    const weight = weights[index] as number;
    sum += weight * (p[index] as number);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}

/** The subtree with the greatest sum of weighted first-pass votes: it grows while containers join and shrinks where furniture is let in. */
export function bodyElement(root: TreeNode, first: Float32Array, weights: Float64Array): TreeNode {
  const votes = new Float64Array(first.length + 1);
  for (let i = 0; i < first.length; i++) {
    votes[i + 1] =
      (votes[i] as number) + ((first[i] as number) - NEUTRAL) * Math.min(MAX_WEIGHT, (weights[i] as number) + 5);
  }
  let best = root;
  let bestSum = Number.NEGATIVE_INFINITY;
  for (let node: TreeNode | undefined = root; node; node = elementAfter(node, root, node.to > node.from)) {
    if (node.to === node.from) continue;
    const sum = span(votes, node);
    // Of equals the deeper one: a wrapper adds nothing.
    if (sum >= bestSum - 1e-6) {
      best = node;
      bestSum = Math.max(sum, bestSum);
    }
  }
  return best;
}
