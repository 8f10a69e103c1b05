import type { Block } from './blocks.ts';
import { bestCut, blocksAbove, likeliest, pruned, tablesAsOne } from './choose-blocks.ts';
import { blockClassifier } from './classifier.ts';
import { contextFeatures } from './context-features.ts';
import { CONTEXT_FEATURES, LOCAL_FEATURES } from './feature-columns.ts';
import type { PageContext } from './likeness.ts';
import { localFeatures } from './local-features.ts';
import { fold } from './phrases.ts';
import type { TreeNode } from './tree.ts';

/** Some block must be as likely for the text to be more than a guess. */
const SURE = 0.5;
/** First-pass probability below which a block is given up. */
export const HOPELESS = 0.01;
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
  const first = classifier.first(features.local, LOCAL_FEATURES.length);
  const element = bodyElement(root, first, features.weights);
  // Most blocks of a page are links of menus, which no second look saves.
  const wanted: number[] = [];
  for (let i = 0; i < first.length; i++) if ((first[i] as number) >= HOPELESS) wanted.push(i);
  const second = classifier.second(contextFeatures(blocks, features, first, element, wanted), CONTEXT_FEATURES.length);
  const p = new Float32Array(blocks.length);
  wanted.forEach((i, row) => {
    p[i] = second[row] as number;
  });

  const joined = tablesAsOne(blocks, p, features.weights);
  const cut = bestCut(joined, features.weights);
  const headline = { foldedTitle: fold(page.title), titleAt: page.titleAt };
  const chosen = pruned(blocksAbove(blocks, joined, cut), headline);
  const kept = chosen.length > 0 ? chosen : likeliest(blocks, joined, features.weights, headline);
  const isSure = kept.some(({ index }) => (joined[index] as number) > SURE);
  let sum = 0;
  let total = 0;
  for (const { index } of kept) {
    const weight = features.weights[index] as number;
    sum += weight * (joined[index] as number);
    total += weight;
  }
  return {
    element,
    kept,
    confidence: total > 0 ? sum / total : 0,
    method: isSure ? 'blocks' : kept.length > 0 ? 'best-guess' : 'none',
  };
}

/** The subtree with the greatest sum of weighted first-pass votes: it grows while containers join and shrinks where furniture is let in. */
export function bodyElement(root: TreeNode, first: ArrayLike<number>, weights: ArrayLike<number>): TreeNode {
  const before = new Float64Array(first.length + 1);
  for (let i = 0; i < first.length; i++) {
    before[i + 1] =
      (before[i] as number) + ((first[i] as number) - NEUTRAL) * Math.min(MAX_WEIGHT, (weights[i] as number) + 5);
  }
  let best = root;
  let bestSum = Number.NEGATIVE_INFINITY;
  const visit = (node: TreeNode) => {
    if (node.to <= node.from) return;
    const sum = (before[node.to] as number) - (before[node.from] as number);
    // Of equals the deeper one: a wrapper adds nothing.
    if (sum >= bestSum - 1e-6) {
      best = node;
      bestSum = Math.max(sum, bestSum);
    }
    for (const child of node.children) if (typeof child !== 'string') visit(child);
  };
  visit(root);
  return best;
}
