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
