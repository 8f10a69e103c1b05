import { expect, test } from 'vitest';
import { extractArticle } from '../../../src/workers/extract-article/index.ts';

/** Pages of our own in the forms of the systems that most outlets publish with. */
const NOW = new Date('2024-05-06T12:00:00Z');
const TITLES = { en: 'Ferry terminal reopens as a library', ar: 'افتتاح مكتبة عامة في المدينة القديمة' };
const LINES = {
  en: 'The town opened its library in the old ferry terminal on Sunday, after two years of work and a long argument over its cost.',
  ar: 'أعلنت البلدية صباح الأحد افتتاح المكتبة العامة بعد أعمال ترميم استمرت سنتين، بحضور عدد من الكتاب وأهالي الحي.',
};
type Language = keyof typeof TITLES;
const body = (language: Language) =>
  `<div class="body"><p>${LINES[language]}</p><p>${LINES[language]} ${LINES[language]}</p></div>`;
const read = (html: string) => extractArticle(html, { url: 'https://www.harbour-post.example/news/4711', now: NOW });
const page = (head: string, top = '', language: Language = 'en') =>
  read(
    `<html lang="${language}"><head>${head}</head><body><main><h1>${TITLES[language]}</h1>${top}${body(language)}</main></body></html>`,
  );
const ld = (value: unknown) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`;
const news = (fields: object) => ld({ '@type': 'NewsArticle', headline: TITLES.en, ...fields });

test.each<[string, string, string[]]>([
  [
    'a list with @list',
    news({ author: { '@list': [{ name: 'Rima Said' }, { name: 'Omar Nasser' }] } }),
    ['Rima Said', 'Omar Nasser'],
  ],
  ['given and family name', news({ author: { givenName: 'Rima', familyName: 'Said' } }), ['Rima Said']],
  ['a name with a language', news({ author: { name: { '@language': 'en', '@value': 'Rima Said' } } }), ['Rima Said']],
  [
    'a page that refers to its author, without an article',
    ld({
      '@graph': [
        { '@type': 'WebPage', name: TITLES.en, author: { '@id': '#1' } },
        { '@type': 'Person', '@id': '#1', name: 'Rima Said' },
      ],
    }),
    ['Rima Said'],
  ],
  ['<meta value>', '<meta name="author" value="Rima Said">', ['Rima Said']],
  ['a name of its own', '<meta name="news_author_name" content="Rima Said">', ['Rima Said']],
  ['a name of its own with a slogan', '<meta name="news_author" content="Read by the whole harbour">', []],
  ['with a mail address', '<meta name="author" content="rima@harbour-post.example (Rima Said)">', ['Rima Said']],
  [
    'the second line of the card',
    '<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="3 minutes"><meta name="twitter:label2" content="Written by"><meta name="twitter:data2" content="Rima Said">',
    ['Rima Said'],
  ],
])('authors in the head – %s', (_name, head, expected) => {
  expect(page(head).authors).toEqual(expected);
});

test('authors – a name in a <meta> within the byline', () => {
  const top = '<span itemprop="author" itemscope><meta itemprop="name" content="Rima Said"></span>';
  expect(page('', top).authors).toEqual(['Rima Said']);
});

test.each<[string, string, string]>([
  ['epoch milliseconds as a number', news({ datePublished: 1714723200000 }), ''],
  ['as .NET writes it', news({ datePublished: '/Date(1714723200000)/' }), ''],
  ['<meta value>', '<meta property="article:published_time" value="2024-05-03T08:00:00Z">', ''],
  ['a name of its own', '<meta name="mediator_published_time" content="2024-05-03T08:00:00Z">', ''],
  ['epoch milliseconds in an attribute', '', '<bsp-timestamp data-timestamp="1714723200000"></bsp-timestamp>'],
  ['a moment in an attribute', '', '<div data-date="2024-05-03T08:00:00Z"></div>'],
  [
    'the title of an abbreviation',
    '',
    '<p>Shown <abbr class="published" title="2024-05-03T08:00:00Z">lately</abbr></p>',
  ],
  ['American with a weekday', '', '<p>Submitted by harbour on Fri, 05/03/2024 - 08:00</p>'],
  [
    'the label of the first behind that of the last',
    '',
    '<p>Updated 4 May 2024 09:00 | First published 3 May 2024 08:00</p>',
  ],
  ['the same in German', '', '<p>Aktualisiert: 04.05.2024, 10:15 | Veröffentlicht: 03.05.2024, 08:00</p>'],
  ['the same in Arabic', '', '<p>آخر تحديث: 4 مايو 2024 10:00 | تاريخ النشر: 3 مايو 2024 08:00</p>'],
])('date – %s', (_name, head, top) => {
  expect(page(head, top).publishedAt).toBe('2024-05-03T08:00:00.000Z');
});

test.each([
  '<meta name="article_modified_date" content="2024-05-03T08:00:00Z">',
  '<meta name="event_start_date" content="2024-05-03T08:00:00Z">',
  '<meta name="content_expiration_date" content="2024-05-03T08:00:00Z">',
])('date – not another one: %s', (head) => {
  expect(page(head).publishedAt).toBeUndefined();
});

const bare = (language: Language, head: string, above: string) =>
  read(`<html lang="${language}"><head>${head}</head><body><main>${above}${body(language)}</main></body></html>`).title;
const SITE =
  '<meta property="og:site_name" content="Harbour Post | بريد الميناء"><meta name="application-name" content="Harbour Post">';

test.each([' | ', ' - ', ' – ', ' / ', ' < ', ' > ', ' ~ ', ' -- ', ' ★ ', ' :: ', ': '])(
  'title – site name behind and before "%s"',
  (sign) => {
    expect(bare('en', `${SITE}<title>${TITLES.en}${sign}Harbour Post</title>`, '')).toBe(TITLES.en);
    expect(bare('en', `${SITE}<title>Harbour Post${sign}${TITLES.en}</title>`, '')).toBe(TITLES.en);
  },
);

test.each<[string, Language, string, string]>([
  [
    'the h1 is a link to the front page',
    'ar',
    `<title>${TITLES.ar} - بريد الميناء</title>`,
    `<h1><a href="/">بريد الميناء</a></h1><h2>${TITLES.ar}</h2>`,
  ],
  [
    'a badge in the h1',
    'en',
    `<meta property="og:title" content="${TITLES.en}">`,
    `<h1><span class="badge">Plus</span> ${TITLES.en}</h1>`,
  ],
  [
    'marked as the headline, and nowhere else',
    'en',
    '<title>Harbour Post</title>',
    `<h2 itemprop="headline">${TITLES.en}</h2>`,
  ],
  ['in a div classed as the title, and nowhere else', 'ar', '', `<div class="news-title">${TITLES.ar}</div>`],
])('title – %s', (_name, language, head, above) => {
  expect(bare(language, head, above)).toBe(TITLES[language]);
});
