import type { Article } from '../shared/model.ts';
import { COMPARED, type FieldChange } from '../workers/extract-article/compare-readings.ts';

/** An article whose stored page would now be read otherwise. */
export interface ChangedReading {
  article: Pick<Article, '_id' | 'url' | 'title'>;
  changed: FieldChange[];
}

/** Articles told in full, paragraphs of each side of a change, and how much of a line. */
const EXAMPLES = 5;
const MAX_LINES = 3;
const MAX_CHARS = 160;

/** A terminal that shows both directions keeps an isolated text from turning the line around. */
const isolate = (text: string) => `\u2068${text}\u2069`;

/** How many of the pages that were read differ, in what, and the first of them as a diff: `-` is stored, `+` would be. */
export function tellChanges(read: number, changes: readonly ChangedReading[]): string[] {
  const counts = COMPARED.map((field) => {
    const n = changes.filter(({ changed }) => changed.some((change) => change.field === field)).length;
    return `  ${field.padEnd(12)} ${n} changed`;
  });
  const examples = changes.slice(0, EXAMPLES).flatMap(tellArticle);
  const left = changes.length - EXAMPLES;
  return [
    `  unchanged    ${read - changes.length}`,
    ...counts,
    ...(examples.length > 0 ? ['', 'What is stored (-) and what this version reads (+):', ...examples] : []),
    ...(left > 0 ? [`  … and ${left} more`] : []),
  ];
}

function tellArticle({ article: { _id, url, title }, changed }: ChangedReading): string[] {
  const side = (sign: string, { field }: FieldChange, text: string) => {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return [
      ...lines.slice(0, MAX_LINES).map((line) => `    ${sign} ${field}: ${excerpt(line)}`),
      ...(lines.length > MAX_LINES ? [`    ${sign} ${field}: … ${lines.length - MAX_LINES} more paragraphs`] : []),
    ];
  };
  return [
    `  ${isolate(title ?? '(no title)')}`,
    `    ${_id}  ${url}`,
    ...changed.flatMap((change) => [...side('-', change, change.before), ...side('+', change, change.after)]),
  ];
}

export function tellFailures(failures: readonly string[]): string[] {
  const left = failures.length - EXAMPLES;
  return failures.length === 0
    ? []
    : [
        '',
        `${failures.length} cannot be read; a replay would quarantine them:`,
        ...failures.slice(0, EXAMPLES).map((line) => `  ${line}`),
        ...(left > 0 ? [`  … and ${left} more`] : []),
      ];
}

/** What to do with all this. */
export function tellNext(read: number): string[] {
  return read === 0
    ? ['Nothing matches: khabar replay --help tells what may be asked for.']
    : ['', 'Without --dry-run they go through this stage and all after it again, behind live work.'];
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return isolate(line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS)}…` : line);
}
