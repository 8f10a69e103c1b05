import { type Block, hintWithin } from './blocks.ts';
import { fold, matchPhrase } from './phrases.ts';

/** Reasons a block inside the body is left out; undefined keeps it. */
export type PruneReason = 'hidden' | 'title' | 'links' | 'caption' | 'phrase' | 'class' | 'metadata';

export function pruneReason(block: Block, foldedTitle: string): PruneReason | undefined {
  if (block.hidden) return 'hidden';
  const { chars } = block;
  const folded = fold(block.text.length > 400 ? block.text.slice(0, 400) : block.text);
  if (folded === '') return 'links';
  if (foldedTitle !== '' && folded === foldedTitle) return 'title';
  if (block.node.tag === 'h1') return 'title';
  const linkDensity = block.linkChars / chars;
  if (linkDensity > 0.8 && chars < 200 && !block.quote) return 'links';
  if (block.node.tag === 'figcaption' || (block.figure && block.node.tag !== 'blockquote')) return 'caption';
  if (hintWithin(block, 'caption', 1) && chars < 300) return 'caption';
  const phrase = matchPhrase(folded);
  if (
    phrase &&
    (phrase.whole || (chars < 120 && !block.endsSentence) || (phrase.length > folded.length / 2 && chars < 200))
  )
    return 'phrase';
  for (const hint of [
    'comment',
    'related',
    'share',
    'newsletter',
    'nav',
    'sidebar',
    'footer',
    'bio',
    'tags',
  ] as const) {
    if (hintWithin(block, hint, 2) && !hintWithin(block, 'body', 1)) return 'class';
  }
  if (hintWithin(block, 'meta', 1) && chars < 120 && !block.endsSentence) return 'metadata';
  return undefined;
}
