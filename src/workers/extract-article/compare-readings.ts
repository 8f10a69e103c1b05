import type { Article } from '../../shared/model.ts';

/** The fields whose changes a replay reports. */
export const COMPARED = ['outcome', 'title', 'text', 'authors', 'publishedAt', 'lang'] as const;
export type ComparedField = (typeof COMPARED)[number];

export interface FieldChange {
  field: ComparedField;
  before: string;
  after: string;
}

type Reading = Pick<Article, 'outcome' | 'title' | 'text' | 'authors' | 'publishedAt' | 'lang'>;

/**
 * What differs between two readings of one page. Of the text, `before` holds the paragraphs that are gone and `after` those that
 * are new, one a line.
 */
export function compareReadings(before: Reading, after: Reading): FieldChange[] {
  return COMPARED.flatMap((field) => {
    const [old, now] = [show(before[field]), show(after[field])];
    if (old === now) return [];
    return field === 'text'
      ? { field, before: linesWithout(old, now), after: linesWithout(now, old) }
      : { field, before: old, after: now };
  });
}

function show(value: Reading[ComparedField]): string {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

function linesWithout(text: string, other: string): string {
  const known = new Set(other.split('\n'));
  return text
    .split('\n')
    .filter((line) => !known.has(line))
    .join('\n');
}
