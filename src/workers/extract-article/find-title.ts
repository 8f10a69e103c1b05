import { type Block, foldedStart } from './blocks.ts';
import { shareIn, wordsOf } from './characters.ts';
import { fold } from './phrases.ts';

const HEADING_LEVELS = new Map(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((tag, i) => [tag, i + 1]));

/** 1 to 6, or 0 for a tag of no heading. */
export function headingLevel(tag: string): number {
  return HEADING_LEVELS.get(tag) ?? 0;
}

/** The block that shows the headline: the h1 that says it, else the first heading that does, else the first block that is equal to it. */
export function findTitle(blocks: Block[], title: string): number {
  const foldedTitle = fold(title);
  return mostAlike(blocks, foldedTitle, new Set(wordsOf(foldedTitle)), foldedTitle.length / 2);
}

/** Of lines that are no headings, those with fewer than `leastChars` are passed over. */
function mostAlike(blocks: Block[], title: string, titleWords: ReadonlySet<string>, leastChars: number): number {
  let best = -1;
  let bestRank = 0;
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i] as Block;
    if (block.chars > 300) continue;
    const level = headingLevel(block.node.tag);
    if (level === 0 && block.chars < leastChars) continue;
    const folded = foldedStart(block);
    const equal = title !== '' && folded === title;
    const alike = equal || (level > 0 && titleWords.size > 0 && shareIn(wordsOf(folded), titleWords) > 0.7);
    const rank = (equal ? 2 : alike ? 1 : 0) * (level === 1 ? 4 : level > 0 ? 3 : 1) + (level === 1 ? 0.5 : 0);
    if (rank > bestRank) {
      best = i;
      bestRank = rank;
    }
  }
  return best;
}
