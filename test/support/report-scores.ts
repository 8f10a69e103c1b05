import type { EntityType } from '../../src/shared/model.ts';
import { analyzeArticle } from '../../src/workers/extract-entities/analyze/index.ts';
import { scoreQuotes } from './quote-scores.ts';

const TYPES: Record<string, EntityType> = { P: 'person', O: 'organization', L: 'location' };

const LABEL = /^[=*@~] /;

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
  /** Words, and the days they mean where the label gives them. */
  dates: Count;
  /** Places and agency are those labelled, or there is none. */
  dateline: boolean;
  /** What went wrong, for people. */
  errors: string[];
}

/** A report in the form that test/fixtures/fresh-reports/README.md describes. */
export function scoreReport(fixture: string): ReportScores {
  const lines = fixture.trim().split('\n');
  const publishedAt = lines.shift() as string;
  const labels = lines.filter((line) => LABEL.test(line));
  const { text, names } = readNames(lines.filter((line) => !LABEL.test(line)).join('\n'));
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
    analysis.language,
  );
  errors.push(...quotes.errors);
  const labelled = after('= ').length;
  const right = Math.round(quotes.recall * labelled);
  const dates = after('@ ').map((line) => line.split(' | '));
  const unplaced = new Set(dates.filter(([, days]) => days === undefined).map(([words]) => words));
  const dateline = compare(
    'dateline',
    after('~ '),
    analysis.dateline
      ? [[analysis.dateline.places.join('، '), analysis.dateline.agency].filter(Boolean).join(' | ')]
      : [],
  );
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
      dates.map(([words, days = '']) => `${words} ${days}`),
      analysis.dates.map(({ text, from, to }) => `${text} ${unplaced.has(text) ? '' : daysOf(from, to)}`),
    ),
    dateline: dateline.right === dateline.labelled && dateline.right === dateline.found,
    errors,
  };
}

function daysOf(from: string | undefined, to: string | undefined): string {
  return from === undefined ? '' : from === to ? from : `${from} ${to}`;
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
