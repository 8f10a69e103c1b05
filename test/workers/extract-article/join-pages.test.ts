import { describe, expect, test } from 'vitest';
import { type FurtherSource, readPage } from '../../../src/workers/extract-article/read-page.ts';
import { LEAD, PARTS, TITLE } from '../../support/water-story.ts';

const URL_1 = 'https://falaj.example/2026/03/01/water-in-nizwa';
const OTHER = [
  'رصد متطوعون آلاف اللقالق فوق السهل في يوم واحد من أيام هذا الربيع الدافئ الذي بكر أسبوعين.',
  'وتقول جمعية مراقبة الطيور إن الصيادين التزموا بمنع الصيد في الممر طوال موسم الهجرة هذا العام.',
];

const html = (paragraphs: readonly string[], { title = TITLE, links = '', head = '' } = {}) =>
  Buffer.from(
    `<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>${title}</title><meta property="og:type" content="article">${head}</head><body><article><h1>${title}</h1>${paragraphs.map((p) => `<p>${p}</p>`).join('')}</article><div class="pages">${links}</div></body></html>`,
  );
const links = (...pages: (number | string)[]) => pages.map((page) => `<a href="?page=${page}">${page}</a>`).join(' ');
const address = (page: number | string) => `${URL_1}?page=${page}`;
const next = (page: number, paragraphs: readonly string[], options = {}): FurtherSource => ({
  kind: 'next',
  url: address(page),
  body: html(paragraphs, options),
});
const read = (first: Buffer, further: FurtherSource[] = [], tried = further.map(({ url }) => url), entry = {}) =>
  readPage(first, { url: URL_1, now: new Date('2026-03-01'), entry, minTextChars: 120, further, tried });
const lines = (text: string) => text.split(/\n+/);

describe('an article on several pages', () => {
  const first = html([LEAD, ...PARTS[0]], { links: links(2, 3) });

  test('its first page wants the others', () => {
    expect(read(first).wanted).toEqual([2, 3].map((page) => ({ kind: 'next', url: address(page) })));
  });

  test('joined in order, what each page repeats once', () => {
    const { extracted, wanted } = read(first, [next(2, [LEAD, ...PARTS[1]]), next(3, [LEAD, ...PARTS[2]])]);
    expect(lines(extracted.text)).toEqual([LEAD, ...PARTS.flat()]);
    expect(extracted.paragraphs.map(({ text }) => text)).toEqual([LEAD, ...PARTS.flat()]);
    expect(extracted.html?.match(/<p>/g)).toHaveLength(7);
    expect(extracted).toMatchObject({ title: TITLE, method: 'blocks', isArticle: true });
    expect(wanted).toEqual([]);
  });

  test('a section front has pages as well, and wants none', () => {
    const cards = PARTS.flat().map((lead) => `<h2><a href="/s">${lead.slice(0, 40)}</a></h2>`);
    const front = html([...cards, ...cards], { links: links(2, 3), title: 'أخبار الماء والزراعة' });
    const { extracted, wanted } = readPage(front, {
      url: 'https://falaj.example/water',
      now: new Date('2026-03-01'),
      entry: {},
      minTextChars: 120,
    });
    expect(extracted.furtherPages?.next).toHaveLength(2);
    expect(extracted.isArticle).toBe(false);
    expect(wanted).toEqual([]);
  });

  test('a page that names one more – wanted next', () => {
    const one = html([LEAD, ...PARTS[0]], { links: links(2) });
    expect(read(one, [next(2, PARTS[1], { links: links(1, 3) })]).wanted).toEqual([{ kind: 'next', url: address(3) }]);
  });

  test.each([
    ['shows the first again', next(2, [LEAD, ...PARTS[0]], { links: links(3) })],
    ['is another story', next(2, OTHER, { title: 'آلاف اللقالق فوق السهل في يوم واحد', links: links(3) })],
  ])('a page that %s – not joined, and none after it asked for', (_case, second) => {
    const one = html([LEAD, ...PARTS[0]], { links: links(2) });
    const { extracted, wanted } = read(one, [second]);
    expect(lines(extracted.text)).toEqual([LEAD, ...PARTS[0]]);
    expect(wanted).toEqual([]);
  });

  test('a page that cannot be read – the others are', () => {
    const broken: FurtherSource = {
      kind: 'next',
      url: address(2),
      contentType: 'application/pdf',
      body: Buffer.from('%PDF-1.4'),
    };
    const { extracted } = read(first, [broken, next(3, PARTS[2])]);
    expect(lines(extracted.text)).toEqual([LEAD, ...PARTS[0], ...PARTS[2]]);
  });

  test('all on a single page – asked for alone, and taken', () => {
    const one = html([LEAD, ...PARTS[0]], { links: links(2, 3, 'all') });
    expect(read(one).wanted).toEqual([{ kind: 'single', url: address('all') }]);
    const whole: FurtherSource = { kind: 'single', url: address('all'), body: html([LEAD, ...PARTS.flat()]) };
    const { extracted, wanted } = read(one, [whole]);
    expect(lines(extracted.text)).toEqual([LEAD, ...PARTS.flat()]);
    expect(extracted.method).toBe('single');
    expect(wanted).toEqual([]);
  });

  test('a single page that cannot be had – the numbered ones instead', () => {
    const one = html([LEAD, ...PARTS[0]], { links: links(2, 3, 'all') });
    expect(read(one, [], [address('all')]).wanted).toEqual(
      [2, 3].map((page) => ({ kind: 'next', url: address(page) })),
    );
  });
});

describe('an article that is whole in its AMP rendering', () => {
  const head = `<link rel="amphtml" href="${URL_1}/amp">`;
  const amp: FurtherSource = { kind: 'amp', url: `${URL_1}/amp`, body: html([LEAD, ...PARTS.flat()]) };
  const asked = [{ kind: 'amp', url: amp.url }];

  test('a page with its beginning only – the AMP rendering is asked for and taken', () => {
    const first = html([LEAD], { head: `${head}<meta name="author" content="سلمى الخطيب">` });
    expect(read(first).wanted).toEqual(asked);
    const { extracted, wanted } = read(first, [amp]);
    expect(lines(extracted.text)).toEqual([LEAD, ...PARTS.flat()]);
    expect(extracted).toMatchObject({ method: 'amp', authors: ['سلمى الخطيب'], isArticle: true });
    expect(wanted).toEqual([]);
  });

  test('an AMP rendering that says no more – the page stays', () => {
    const { extracted } = read(html([LEAD], { head }), [{ ...amp, body: html([LEAD]) }]);
    expect(extracted.method).toBe('blocks');
  });

  test('a page with all of it, or a feed entry – not asked for', () => {
    expect(read(html([LEAD, ...PARTS.flat()], { head })).wanted).toEqual([]);
    const entry = {
      title: TITLE,
      contentHtml: PARTS.flat()
        .map((p) => `<p>${p}</p>`)
        .join(''),
    };
    const { extracted, wanted } = read(html(['تابع القراءة في التطبيق.'], { head }), [], [], entry);
    expect(extracted.method).toBe('feed-entry');
    expect(wanted).toEqual([]);
  });
});
