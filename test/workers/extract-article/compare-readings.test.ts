import { expect, test } from 'vitest';
import { compareReadings } from '../../../src/workers/extract-article/compare-readings.ts';

const reading = {
  outcome: 'extracted',
  title: 'افتتاح المكتبة',
  text: 'الفقرة الأولى\nتابعونا',
  authors: ['سلمى'],
  publishedAt: new Date('2026-03-01T10:00:00Z'),
  lang: 'ar',
};

test('the same reading – nothing', () => {
  expect(compareReadings(reading, { ...reading, publishedAt: new Date('2026-03-01T10:00:00Z') })).toEqual([]);
});

test('a text – only the paragraphs that went or came', () => {
  expect(compareReadings(reading, { ...reading, text: 'الفقرة الأولى\nالفقرة الثانية' })).toEqual([
    { field: 'text', before: 'تابعونا', after: 'الفقرة الثانية' },
  ]);
});

test('other fields – before and after, also when one is missing', () => {
  const { publishedAt: _, ...undated } = reading;
  expect(compareReadings({ ...undated, authors: [] }, { ...reading, outcome: 'too-short' })).toEqual([
    { field: 'outcome', before: 'extracted', after: 'too-short' },
    { field: 'authors', before: '', after: 'سلمى' },
    { field: 'publishedAt', before: '', after: '2026-03-01T10:00:00.000Z' },
  ]);
});
