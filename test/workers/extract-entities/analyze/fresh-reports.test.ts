import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Count, type ReportScores, scoreReport } from '../../../support/report-scores.ts';

const DIR = new URL('../../../fixtures/fresh-reports/', import.meta.url);

type Floors = Record<'names' | 'quotes' | 'speakers' | 'casualties' | 'dates', number>;

/**
 * Reports labelled before the analyser had read them; see the README beside them. Least F1 of names, quotations, speakers, tolls and
 * dates: a little below what they score now.
 */
const ROUNDS: [round: string, floors: Floors][] = [
  ['first', { names: 0.94, quotes: 0.98, speakers: 0.93, casualties: 0.98, dates: 0.98 }],
  ['second', { names: 0.93, quotes: 0.96, speakers: 0.9, casualties: 0.98, dates: 0.98 }],
  ['third', { names: 0.91, quotes: 0.95, speakers: 0.88, casualties: 0.98, dates: 0.93 }],
  ['fourth', { names: 0.91, quotes: 0.98, speakers: 0.98, casualties: 0.98, dates: 0.98 }],
];

test.each(ROUNDS)('Arabic reports nobody wrote rules for – %s round', (round, floors) => {
  const scores = readdirSync(new URL(`${round}/`, DIR))
    .filter((file) => file.startsWith('ar-'))
    .map((file) => scoreReport(readFileSync(new URL(`${round}/${file}`, DIR), 'utf8')));
  for (const [kind, floor] of Object.entries(floors) as [keyof Floors, number][])
    expect(
      f1(scores, (score) => score[kind]),
      kind,
    ).toBeGreaterThanOrEqual(floor);
});

function f1(scores: ReportScores[], pick: (one: ReportScores) => Count): number {
  const sum = scores.map(pick).reduce((a, b) => ({
    labelled: a.labelled + b.labelled,
    found: a.found + b.found,
    right: a.right + b.right,
  }));
  return (2 * sum.right) / (sum.labelled + sum.found);
}
