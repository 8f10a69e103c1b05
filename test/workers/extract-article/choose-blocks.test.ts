import { expect, test } from 'vitest';
import { type Block, collectBlocks } from '../../../src/workers/extract-article/blocks.ts';
import { bestCut, blocksAbove, likeliest, tablesAsOne } from '../../../src/workers/extract-article/choose-blocks.ts';
import { dataTables } from '../../../src/workers/extract-article/tables.ts';
import { parseTree } from '../../../src/workers/extract-article/tree.ts';

const blocksOf = (html: string) => collectBlocks(parseTree(html).root);
const textsOf = (blocks: Block[]) => blocks.map((b) => b.text);

test.each<[string, number[], number[]]>([
  ['a page that is clear: what is likelier than not', [0.98, 0.97, 0.99, 0.4, 0.02], [0, 1, 2]],
  ['a notice nobody is sure of, beside a long menu', [0.01, 0.08, 0.01, 0.015, 0.01], [1]],
  ['three doubtful lines of one kind', [0.32, 0.28, 0.3, 0.02], [0, 1, 2]],
  ['nothing like text', [0.01, 0.02, 0.005], []],
  ['no blocks', [], []],
])('bestCut – %s', (_name, p, kept) => {
  const cut = bestCut(
    p,
    p.map(() => 100),
  );
  expect([...p.keys()].filter((i) => (p[i] as number) > cut)).toEqual(kept);
});

test('bestCut – a likely line among long doubtful paragraphs does not shut them out', () => {
  const [p, weights] = [
    [0.6, 0.35, 0.35],
    [10, 600, 600],
  ];
  expect(bestCut(p as number[], weights as number[])).toBeLessThan(0.35);
});

const ROWS = [
  ['Port', 'Ships', 'Tonnes'],
  ['Aden', '12', '40'],
  ['Basra', '9', '31'],
];
const row = (cells: string[]) => `<tr>${cells.map((c) => `<td>${c}</td>`).join('')}</tr>`;
const table = `<table><caption>Ships in port</caption><tbody>${ROWS.map(row).join('')}</tbody></table>`;
const joined = (html: string, p: (text: string) => number) => {
  const blocks = blocksOf(html);
  return tablesAsOne(
    dataTables(blocks),
    Float32Array.from(blocks, (b) => p(b.text)),
    blocks.map((b) => b.chars),
  );
};

test('tablesAsOne – cells and caption of a data table get one probability, the text around its own', () => {
  const p = joined(`<p>before</p>${table}<p>after</p>`, (text) => (/^\d/.test(text) ? 0.2 : 0.9));
  expect(p[0]).toBeCloseTo(0.9);
  expect(p[p.length - 1]).toBeCloseTo(0.9);
  const within = new Set(p.slice(1, -1));
  expect(within.size).toBe(1);
  const [shared] = within;
  expect(shared).toBeGreaterThan(0.5);
  expect(shared).toBeLessThan(0.9);
});

test.each<[string, string]>([
  [
    'cells that hold a column of the page',
    `<table>${row(['menu', `${'A long line of the text. '.repeat(20)}`])}${row(['b', 'c'])}</table>`,
  ],
  ['cells of many lines', `<table>${row(['menu', 'one<br>two<br>three'])}${row(['b', 'c'])}</table>`],
  [
    'a table around another',
    `<table>${row(['menu', '<table><tr><td>text</td></tr></table>'])}${row(['b', 'c'])}</table>`,
  ],
  ['a single row', `<table>${row(['menu', 'text'])}</table>`],
])('tablesAsOne – leaves layout alone: %s', (_name, html) => {
  expect(new Set(joined(html, (text) => (text === 'menu' ? 0.1 : 0.9))).size).toBe(2);
});

const POST = '<blockquote class="twitter-tweet"><p>رفعنا الأشرعة</p>— ميناء المرفأ (@port)</blockquote>';

test('blocksAbove – an embedded post among paragraphs of the text is kept whole', () => {
  const blocks = blocksOf(`<nav>menu</nav><p>first</p>${POST}${POST}<p>last</p><footer>foot</footer>`);
  const p = blocks.map((b) => (b.node.tag === 'p' && !b.quote ? 0.9 : 0.1));
  expect(textsOf(blocksAbove(blocks, dataTables(blocks), p, 0.5))).toEqual(textsOf(blocks.slice(1, -1)));
});

test('blocksAbove – a post after the text, and a plain quotation that looks like none, are not', () => {
  const blocks = blocksOf(`<p>first</p><blockquote>advice</blockquote><p>last</p>${POST}<footer>foot</footer>`);
  const p = blocks.map((b) => (b.node.tag === 'p' && !b.quote ? 0.9 : 0.1));
  expect(textsOf(blocksAbove(blocks, dataTables(blocks), p, 0.5))).toEqual(['first', 'last']);
});

test.each<[string, Record<string, number>, string[]]>([
  ['the block that holds most of the likely text', { notice: 0.04, label: 0.06 }, ['notice']],
  ['not the headline', { headline: 0.9, notice: 0.02 }, ['notice']],
  ['nothing of a page without any', {}, []],
])('likeliest – %s', (_name, chances, expected) => {
  const texts = {
    headline: 'Ferry cancelled until Friday',
    label: 'Ferries',
    notice: `${'No ferry leaves before Friday. '.repeat(4)}`,
  };
  const html = `<h1>${texts.headline}</h1><p>${texts.label}</p><p>${texts.notice}</p>`;
  const blocks = blocksOf(html);
  const p = Object.keys(texts).map((name) => chances[name] ?? 0);
  const found = likeliest(
    blocks,
    p,
    blocks.map((b) => b.chars),
    { foldedTitle: 'ferry cancelled until friday', titleAt: 0 },
  );
  expect(textsOf(found)).toEqual(expected.map((name) => texts[name as keyof typeof texts].trim()));
});
