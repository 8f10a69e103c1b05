import { expect, test } from 'vitest';
import { highlight, linesOf } from '../../src/dashboard/highlight.ts';
import type { Entity, Paragraph } from '../../src/shared/model.ts';

const TEXT = 'قال هادي إن عدن هادئة.\n\nعدن\nصنعاء وعدن';
const BODY: Paragraph[] = [
  { type: 'p', text: 'قال هادي إن عدن هادئة.' },
  { type: 'figure', text: 'عدن في صورة' },
  { type: 'list', text: 'عدن' },
  { type: 'list', text: 'صنعاء وعدن' },
];

function entity(id: string, spans: [start: number, end: number][]): Entity {
  const mentions = spans.map(([start, end]) => ({ text: TEXT.slice(start, end), start, end }));
  return { id, type: 'location', name: id, names: {}, roles: [], mentions };
}
const place = (name: string) => {
  const spans: [number, number][] = [];
  for (let at = TEXT.indexOf(name); at >= 0; at = TEXT.indexOf(name, at + 1)) spans.push([at, at + name.length]);
  return entity(name, spans);
};
const shown = (entities: Entity[]) =>
  highlight(BODY, TEXT, entities).map((pieces) => pieces.map(({ text, entity }) => (entity ? `[${text}]` : text)));

test('mentions – in the paragraph they stand in, captions whole', () => {
  expect(shown([place('عدن'), place('هادي'), place('صنعاء')])).toEqual([
    ['قال ', '[هادي]', ' إن ', '[عدن]', ' هادئة.'],
    ['عدن في صورة'],
    ['[عدن]'],
    ['[صنعاء]', ' و', '[عدن]'],
  ]);
});

test('mentions that overlap, reach over a paragraph or are empty – no text is lost or doubled', () => {
  const odd = entity('odd', [
    [4, 12],
    [4, 8],
    [6, 15],
    [20, 30],
    [2, 2],
    [1000, 1010],
  ]);
  const pieces = highlight(BODY, TEXT, [odd]);
  expect(pieces.map((line) => line.map(({ text }) => text).join(''))).toEqual(BODY.map(({ text }) => text));
  expect(pieces.flat().filter(({ entity }) => entity)).toHaveLength(1);
});

test('a body that is not the text – shown without marks', () => {
  expect(highlight([{ type: 'p', text: 'نص آخر' }], TEXT, [place('عدن')])).toEqual([[{ text: 'نص آخر' }]]);
});

test('linesOf – cut at line ends, within marks too', () => {
  const aden = place('عدن');
  expect(linesOf([{ text: 'أ\nب ' }, { text: 'عدن', entity: aden }, { text: '\n' }])).toEqual([
    [{ text: 'أ' }],
    [{ text: 'ب ' }, { text: 'عدن', entity: aden }],
    [],
  ]);
});
