import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { analyzeArticle } from '../../../../src/workers/extract-entities/analyze/index.ts';

/** Reports in the manner of wire copy, written for these tests, each with what a careful reader takes from it. */
const DIR = new URL('../../../fixtures/reports/', import.meta.url);

interface Expected {
  publishedAt: string;
  dateline: { places: string[]; agency?: string };
  entities: { id: string; roles?: string[]; mentions: string[] }[];
  quotes: { text: string; speaker: string; direct: boolean }[];
  casualties: [kind: string, count: number][];
  dates: [text: string, from: string | null, to: string | null][];
}

const names = readdirSync(DIR)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''));

function read(name: string) {
  const text = readFileSync(new URL(`${name}.txt`, DIR), 'utf8');
  const expected = JSON.parse(readFileSync(new URL(`${name}.json`, DIR), 'utf8')) as Expected;
  return { expected, analysis: analyzeArticle({ text, publishedAt: expected.publishedAt }) };
}

/** How many of `wanted` are among `got`, each counted once. */
function matched(wanted: string[], got: string[]): number {
  const left = [...got];
  return wanted.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  }).length;
}

test('reports – names: F1 of mentions with their ids is 95 % or more over all', () => {
  let wanted = 0;
  let got = 0;
  let right = 0;
  for (const name of names) {
    const { expected, analysis } = read(name);
    const flat = (list: { id: string; mentions: (string | { text: string })[] }[]) =>
      list.flatMap(({ id, mentions }) => mentions.map((one) => `${id} ${typeof one === 'string' ? one : one.text}`));
    const [gold, found] = [flat(expected.entities), flat(analysis.entities)];
    wanted += gold.length;
    got += found.length;
    right += matched(gold, found);
  }
  expect((2 * right) / (wanted + got)).toBeGreaterThanOrEqual(0.95);
});

test('reports – quotations: nine in ten with their speakers, no more than one in ten besides', () => {
  let wanted = 0;
  let got = 0;
  let right = 0;
  for (const name of names) {
    const { expected, analysis } = read(name);
    const gold = expected.quotes.map(({ text, speaker }) => `${text} ${speaker}`);
    const found = analysis.quotes.map(({ text, speaker, speakerEntityId }) => `${text} ${speakerEntityId ?? speaker}`);
    wanted += gold.length;
    got += found.length;
    right += matched(gold, found);
  }
  expect(right / wanted).toBeGreaterThanOrEqual(0.9);
  expect(right / got).toBeGreaterThanOrEqual(0.9);
});

test.each(names)('reports – %s: dateline, offices, casualties and dates', (name) => {
  const { expected, analysis } = read(name);
  expect(analysis.dateline).toMatchObject(expected.dateline);
  for (const { id, roles } of expected.entities) {
    if (roles) expect(analysis.entities.find((entity) => entity.id === id)?.roles).toEqual(roles);
  }
  const casualties = analysis.casualties.map(({ kind, count }) => `${kind} ${count}`);
  expect(
    matched(
      expected.casualties.map((one) => one.join(' ')),
      casualties,
    ),
  ).toBeGreaterThanOrEqual(expected.casualties.length);
  expect(analysis.dates.map(({ text, from, to }) => [text, from ?? null, to ?? null])).toEqual(expected.dates);
});
