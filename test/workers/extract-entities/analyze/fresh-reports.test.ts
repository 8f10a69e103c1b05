import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Count, scoreReport } from '../../../support/report-scores.ts';

const DIR = new URL('../../../fixtures/fresh-reports/', import.meta.url);

/** Reports labelled before the analyser had read them; see the README beside them. Floors are a little below what they score now. */
test('reports nobody wrote rules for – names, quotations, speakers, tolls and dates', () => {
  const scores = readdirSync(DIR)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => scoreReport(readFileSync(new URL(file, DIR), 'utf8')));
  const f1 = (pick: (one: (typeof scores)[number]) => Count) => {
    const sum = scores.map(pick).reduce((a, b) => ({
      labelled: a.labelled + b.labelled,
      found: a.found + b.found,
      right: a.right + b.right,
    }));
    return (2 * sum.right) / (sum.labelled + sum.found);
  };
  expect(scores.every(({ dateline }) => dateline)).toBe(true);
  expect(f1(({ names }) => names)).toBeGreaterThanOrEqual(0.9);
  expect(f1(({ quotes }) => quotes)).toBeGreaterThanOrEqual(0.93);
  expect(f1(({ speakers }) => speakers)).toBeGreaterThanOrEqual(0.88);
  expect(f1(({ casualties }) => casualties)).toBeGreaterThanOrEqual(0.9);
  expect(f1(({ dates }) => dates)).toBeGreaterThanOrEqual(0.93);
});
