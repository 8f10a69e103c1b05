import { createHash } from 'node:crypto';
import { diffArrays } from 'diff';
import type { Article, EarlierVersion, ParagraphChange } from '../../shared/model.ts';

/** Earlier versions kept per article; a live blog drops its oldest. */
export const MAX_VERSIONS = 20;

/** Texts with more differing paragraphs are told apart as a whole: the search costs the square of this. */
const MAX_EDITS = 1_000;

/** The text before `after` as a version of its own, or undefined when title and text say the same. */
export function earlierVersion(
  before: Pick<Article, 'title' | 'text' | 'version'>,
  after: { title: string; text: string },
  replacedAt: Date,
): EarlierVersion | undefined {
  const { title = '', text = '', version = 1 } = before;
  const hash = textHash(title, text);
  // A page without a title is given the entry's, which is no change of the page.
  if (hash === textHash(after.title || title, after.text)) return undefined;
  return {
    n: version,
    title,
    textHash: hash,
    replacedAt,
    diff: diffParagraphs(paragraphsOf(text), paragraphsOf(after.text)),
  };
}

/** Where and how two lists of paragraphs differ, in order. */
export function diffParagraphs(older: string[], newer: string[]): ParagraphChange[] {
  const parts = diffArrays(older, newer, { maxEditLength: MAX_EDITS });
  if (!parts) return [{ at: 0, removed: older, added: newer }];
  const changes: ParagraphChange[] = [];
  let at = 0;
  let open: ParagraphChange | undefined;
  for (const { added, removed, value } of parts) {
    if (!added && !removed) {
      open = undefined;
      at += value.length;
      continue;
    }
    if (!open) {
      open = { at, removed: [], added: [] };
      changes.push(open);
    }
    open[added ? 'added' : 'removed'].push(...value);
    if (added) at += value.length;
  }
  return changes;
}

function paragraphsOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Alike for texts that differ in white space only. */
function textHash(title: string, text: string): string {
  const plain = `${title}\n${text}`.replace(/\s+/gu, ' ').trim();
  return createHash('sha256').update(plain).digest('base64url').slice(0, 22);
}
