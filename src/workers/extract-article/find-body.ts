import { type Block, hintWithin } from './blocks.ts';
import type { TreeNode } from './tree.ts';

/** How much a block speaks for being article text (positive) or page furniture (negative), in code units of text. */
export function blockWeight(block: Block): number {
  const { chars } = block;
  const linkDensity = block.linkChars / chars;
  let weight: number;
  if (linkDensity > 0.6) weight = -Math.min(chars, 60) - 10;
  else if (chars >= 60 && (block.endsSentence || block.stops + block.commas >= 2)) {
    weight = Math.min(chars, 800) * (1 - linkDensity);
  } else if (chars >= 25) weight = Math.min(chars, 200) * (0.3 - linkDensity);
  else weight = -8;
  if (block.hidden) return Math.min(weight, 0) - 1;
  const furniture =
    hintWithin(block, 'comment', 6) ||
    hintWithin(block, 'nav', 4) ||
    hintWithin(block, 'related', 3) ||
    hintWithin(block, 'sidebar', 4) ||
    hintWithin(block, 'footer', 3) ||
    hintWithin(block, 'legal', 2) ||
    hintWithin(block, 'newsletter', 2);
  if (furniture && !hintWithin(block, 'body', 3)) return -Math.abs(weight) * 0.7;
  return weight;
}

export interface Body {
  node: TreeNode;
  weight: number;
}

/**
 * The element whose blocks speak most for article text: the subtree with the greatest sum of weights.
 * Furniture counts against its ancestors, so the sum grows while containers are joined and falls when the page's frame is let in.
 */
export function findBody(blocks: Block[], weights: ArrayLike<number>): Body | undefined {
  const sums = new Map<TreeNode, number>();
  blocks.forEach((block, i) => {
    const weight = weights[i] as number;
    for (let node: TreeNode | undefined = block.node; node; node = node.parent)
      sums.set(node, (sums.get(node) ?? 0) + weight);
  });
  let best: Body | undefined;
  for (const [node, weight] of sums) {
    // Of equals the deeper one: a wrapper adds nothing.
    if (!best || weight > best.weight + 1e-6 || (weight > best.weight - 1e-6 && node.depth > best.node.depth))
      best = { node, weight };
  }
  return best;
}

export function isWithin(node: TreeNode, ancestor: TreeNode): boolean {
  for (let n: TreeNode | undefined = node; n; n = n.parent) if (n === ancestor) return true;
  return false;
}
