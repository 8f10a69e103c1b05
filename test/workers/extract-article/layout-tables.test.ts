import { expect, test } from 'vitest';
import { extractArticle } from '../../../src/workers/extract-article/index.ts';

const LINES = [
  'قال رئيس بلدية المرفأ إن أعمال ترميم السوق القديم ستنتهي قبل الصيف، وإن المحال الأربعين ستفتح أبوابها تباعاً.',
  'وأضاف أن الكلفة بلغت ثلاثة ملايين دينار دفعت البلدية نصفها وتبرع تجار المدينة بما بقي منها خلال عامين.',
  'ويعود بناء السوق إلى القرن التاسع عشر، وقد أغلق بعد سقوط جزء من سقفه في شتاء شديد المطر قبل أربعة أعوام.',
  'وطلب أصحاب المحال إعفاءهم من الرسوم في السنة الأولى، ولم يرد المجلس البلدي على الطلب حتى مساء الأحد.',
];
const page = (rows: string) =>
  `<html lang="ar" dir="rtl"><title>ترميم السوق القديم</title><table>${rows}</table></html>`;

test('a page built of tables – lines of one cell are paragraphs', () => {
  const cell = `<tr><td><h1>ترميم السوق القديم</h1>${LINES.join('<br><br>')}</td></tr>`;
  const { paragraphs, text } = extractArticle(page(cell), { url: 'https://news.example/2026/souq-1' });
  expect(paragraphs).toEqual(LINES.map((line) => ({ type: 'p', text: line })));
  expect(text).not.toContain(' | ');
});

const row = (cells: string[], tag = 'td') => `<tr>${cells.map((c) => `<${tag}>${c}</${tag}>`).join('')}</tr>`;
const link = (text: string) => `<a href="/lines/1">${text}</a>`;

test.each<[string, string, string[], string[]]>([
  [
    'Arabic, with a linked cell and one without a letter',
    `<p>${LINES[0]}</p><p>${LINES[1]}</p><table>${row(['العام', 'الزوار', 'المحال'], 'th')}${row(['2019', '41 ألفاً', '38'])}${row(['2020', '12 ألفاً', '–'])}${row(['2021', link('لا أرقام'), '0'])}</table><p>${LINES[2]}</p>`,
    ['العام | الزوار | المحال', '2019 | 41 ألفاً | 38', '2020 | 12 ألفاً | –', '2021 | لا أرقام | 0'],
    LINES.slice(0, 3),
  ],
  [
    'after the first paragraph, with a head and a body',
    `<p>${LINES[0]}</p><table><thead>${row(['Line', '2022', '2023'], 'th')}</thead><tbody>${row([link('Harbour'), '1,204', '1,500'])}${row(['Islands', '88', '-'])}</tbody></table><p>${LINES[1]}</p><p>${LINES[2]}</p>`,
    ['Line | 2022 | 2023', 'Harbour | 1,204 | 1,500', 'Islands | 88 | -'],
    LINES.slice(0, 3),
  ],
])('a data table in the text – no row loses a cell: %s', (_name, body, rows, lines) => {
  const html = `<html lang="ar"><title>ترميم السوق القديم</title><nav><a href="/">الرئيسية</a></nav><article><h1>ترميم السوق القديم</h1>${body}</article></html>`;
  const { paragraphs } = extractArticle(html, { url: 'https://news.example/2026/souq-1' });
  expect(paragraphs.filter((p) => p.type === 'table').map((p) => p.text)).toEqual(rows);
  expect(paragraphs.filter((p) => p.type === 'p').map((p) => p.text)).toEqual(lines);
});

test('a table of links after the text – is left out', () => {
  const links = row([link('Sports'), link('Weather')]) + row([link('Economy'), link('Letters')]);
  const html = `<html lang="ar"><title>ترميم السوق القديم</title><article><h1>ترميم السوق القديم</h1>${LINES.map((l) => `<p>${l}</p>`).join('')}</article><table>${links}</table></html>`;
  const { text } = extractArticle(html, { url: 'https://news.example/2026/souq-1' });
  expect(text).toBe(LINES.join('\n\n'));
});
