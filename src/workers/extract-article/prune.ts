import { type Block, foldedStart, phraseOf } from './blocks.ts';
import { headingLevel } from './find-title.ts';
import { HINT_INDEX, type Hint } from './hints.ts';
import { fold, type PhraseKind } from './phrases.ts';

/** Longer blocks are never dropped for how they begin. */
const MAX_LABELLED_CHARS = 150;
const MAX_LINKED_CHARS = 200;

/** Share of a short block that a stock phrase must cover where the phrase alone says what the block is. */
const MIN_COVER = 0.5;
/** Kinds that are never text, and the class hint that confirms them. */
const SELF_EVIDENT: Partial<Record<PhraseKind, Hint>> = {
  related: 'related',
  newsletter: 'newsletter',
  share: 'share',
  comments: 'comment',
  paywall: 'legal',
};

/**
 * Page furniture whatever the classifier thinks: the headline again, captions, short lines about the author, and blocks that are, or
 * begin like, a stock phrase.
 * On pages with known bodies these rules are right on 19 of 20 blocks, except the read-also lines (4 of 5), which some readers count as text.
 */
export function isFurniture(block: Block, foldedTitle: string): boolean {
  if (block.figure?.tag === 'figcaption') return true;
  if (foldedTitle !== '' && foldedStart(block) === foldedTitle) return true;
  if (block.chars > MAX_LINKED_CHARS) return false;
  if (isNear(block, 'bio') && headingLevel(block.node.tag) === 0) return true;
  const phrase = phraseOf(block);
  if (!phrase) return false;
  if (phrase.whole) return true;
  if (phrase.kind !== 'tags' && block.linkChars > block.chars / 2) return true;
  if (block.chars > MAX_LABELLED_CHARS) return false;
  const label = /^[^:：]{2,40}(?=[:：])/.exec(block.text)?.[0];
  if (label !== undefined && fold(label).length === phrase.length) return true;
  const hint = SELF_EVIDENT[phrase.kind];
  if (!hint || block.endsSentence) return false;
  if (phrase.length >= foldedStart(block).length * MIN_COVER) return true;
  return isNear(block, hint, 2);
}

function isNear({ hintDistance }: Block, hint: Hint, levels = 1): boolean {
  const distance = hintDistance[HINT_INDEX[hint]] as number;
  return distance >= 0 && distance <= levels;
}
