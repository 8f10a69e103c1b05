import { expect, test } from 'vitest';
import { type ChangedReading, tellChanges, tellFailures, tellNext } from '../../src/cli/reading-changes.ts';

const change = (n: number): ChangedReading => ({
  article: { _id: `A${n}`, url: `https://news.example/${n}`, title: `خبر ${n}` },
  changed: [
    { field: 'authors', before: '', after: 'سلمى الخطيب' },
    { field: 'text', before: 'one\n\ntwo\nthree\nfour\nfive', after: `${'long '.repeat(60)}\n` },
  ],
});

test('tellChanges – counts by field, then each change as a diff of paragraphs', () => {
  const lines = tellChanges(10, [change(1)]);
  expect(lines).toEqual(
    expect.arrayContaining([
      '  unchanged    9',
      '  authors      1 changed',
      '  text         1 changed',
      '  title        0 changed',
    ]),
  );
  expect(lines.slice(lines.indexOf('    A1  https://news.example/1') - 1)).toEqual([
    '  \u2068خبر 1\u2069',
    '    A1  https://news.example/1',
    '    + authors: \u2068سلمى الخطيب\u2069',
    '    - text: \u2068one\u2069',
    '    - text: \u2068two\u2069',
    '    - text: \u2068three\u2069',
    '    - text: … 2 more paragraphs',
    `    + text: \u2068${'long '.repeat(32)}…\u2069`,
  ]);
});

test('tellChanges – no examples where nothing changes, and of many the first few', () => {
  expect(tellChanges(3, [])).toHaveLength(7);
  const lines = tellChanges(
    20,
    Array.from({ length: 8 }, (_, n) => change(n)),
  );
  expect(lines.filter((line) => line.includes('https://'))).toHaveLength(5);
  expect(lines.at(-1)).toBe('  … and 3 more');
});

test('tellFailures – with what is wrong, or nothing', () => {
  expect(tellFailures([])).toEqual([]);
  expect(tellFailures(['https://news.example/1  not a page'])).toEqual([
    '',
    '1 cannot be read; a replay would quarantine them:',
    '  https://news.example/1  not a page',
  ]);
});

test('tellNext – how to go on', () => {
  expect(tellNext(0).join()).toContain('--help');
  expect(tellNext(2).join()).toContain('Without --dry-run');
});
