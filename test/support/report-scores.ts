import type { EntityType } from '../../src/shared/model.ts';
import { analyzeArticle } from '../../src/workers/extract-entities/analyze/index.ts';
import { scoreQuotes } from './quote-scores.ts';

const TYPES: Record<string, EntityType> = { P: 'person', O: 'organization', L: 'location' };

/** How many are labelled, found, and both. */
export interface Count {
  labelled: number;
  found: number;
  right: number;
}

export interface ReportScores {
  names: Count;
  quotes: Count;
  /** Of the labelled quotations that were found. */
  speakers: Count;
  casualties: Count;
  dates: Count;
  dateline: boolean;
  /** What went wrong, for people. */
  errors: string[];
}

/** A report in the form that test/fixtures/fresh-reports/README.md describes. */
export function scoreReport(fixture: string): ReportScores {
  const lines = fixture.trim().split('\n');
  const publishedAt = lines.shift() as string;
  const labels = lines.filter((line) => /^[=*@] /.test(line));
  const { text, names } = readNames(lines.filter((line) => !/^[=*@] /.test(line)).join('\n'));
  const analysis = analyzeArticle({ text, publishedAt });
  const errors: string[] = [];
  const compare = (kind: string, labelled: string[], found: string[]): Count => {
    const left = [...found];
    const missed = labelled.filter((one) => {
      const at = left.indexOf(one);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    if (missed.length + left.length > 0)
      errors.push(`${kind}: missed ${missed.join(' | ')}; too much ${left.join(' | ')}`);
    return { labelled: labelled.length, found: found.length, right: labelled.length - missed.length };
  };
  const after = (mark: string) => labels.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
  const quotes = scoreQuotes(
    [text.replace(/\n\n+/g, '\n'), ...labels.filter((line) => line.startsWith('= '))].join('\n'),
    'ar',
  );
  errors.push(...quotes.errors);
  const labelled = after('= ').length;
  const right = Math.round(quotes.recall * labelled);
  return {
    names: compare(
      'names',
      names.map(({ type, text, end }) => `${type} ${text} ${end}`),
      analysis.entities.flatMap(({ type, mentions }) => mentions.map(({ text, end }) => `${type} ${text} ${end}`)),
    ),
    quotes: { labelled, right, found: quotes.precision === 0 ? 0 : Math.round(right / quotes.precision) },
    speakers: { labelled: right, found: right, right: Math.round(quotes.speakers * right) },
    casualties: compare(
      'casualties',
      after('* '),
      analysis.casualties.map(({ kind, count }) => `${kind} ${count}`),
    ),
    dates: compare(
      'dates',
      after('@ '),
      analysis.dates.map(({ text }) => text),
    ),
    dateline:
      analysis.dateline !== undefined && names[0] !== undefined && analysis.dateline.places[0] === names[0].text,
    errors,
  };
}

function readNames(marked: string): { text: string; names: { type: EntityType; text: string; end: number }[] } {
  const names: { type: EntityType; text: string; end: number }[] = [];
  let text = '';
  let after = 0;
  for (const match of marked.matchAll(/\[([POL]) ([^\]]+)\]/g)) {
    text += marked.slice(after, match.index) + match[2];
    after = match.index + match[0].length;
    names.push({ type: TYPES[match[1] as string] as EntityType, text: match[2] as string, end: text.length });
  }
  return { text: text + marked.slice(after), names };
}
