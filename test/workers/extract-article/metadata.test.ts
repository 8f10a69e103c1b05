import { expect, test } from 'vitest';
import { cleanAuthors } from '../../../src/workers/extract-article/credits.ts';
import { agencyOf, extractArticle } from '../../../src/workers/extract-article/index.ts';

const NOW = new Date('2024-05-06T12:00:00Z');
const BODY = `<p>أعلنت البلدية صباح الأحد افتتاح المكتبة العامة بعد أعمال ترميم استمرت سنتين، بحضور عدد من الكتاب وأهالي الحي.</p>
<p>وتضم المكتبة نحو ثلاثين ألف كتاب، إضافة إلى قاعة للأطفال وأخرى للمخطوطات، بحسب ما أعلنت مديرة المكتبة.</p>`;
const extract = (html: string, url = 'https://www.maktaba.example/news/1') => extractArticle(html, { url, now: NOW });
const page = (head: string, top = '', title = 'افتتاح مكتبة عامة في المدينة القديمة') =>
  `<html lang="ar"><head>${head}</head><body><main><h1>${title}</h1>${top}<div class="body">${BODY}</div></main></body></html>`;

test.each<[string, string, string]>([
  ['site name after a bar', '<title>Ferry terminal reopens | Harbour Post</title>', 'Ferry terminal reopens'],
  ['site name before a dash', '<title>Harbour Post - Ferry terminal reopens</title>', 'Ferry terminal reopens'],
  ['direction marks', '<title>\u202bعودة المياه إلى المدينة\u202c</title>', 'عودة المياه إلى المدينة'],
  [
    'entities escaped twice',
    '<meta property="og:title" content="Library &amp;amp; ferry &amp;quot;one&amp;quot;">',
    'Library & ferry "one"',
  ],
])('title – %s', (_name, head, expected) => {
  const html = `<html><head>${head}<meta property="og:site_name" content="Harbour Post"></head><body><p>${'Some text of an article. '.repeat(9)}</p></body></html>`;
  expect(extract(html).title).toBe(expected);
});

test('title – the h1 that metadata confirm keeps its quotation marks', () => {
  const html = page('<meta property="og:title" content="المكتبة تفتح أبوابها">', '', '"المكتبة" تفتح أبوابها');
  expect(extract(html).title).toBe('"المكتبة" تفتح أبوابها');
});

test.each<[string, string, string, string | undefined, string | undefined]>([
  [
    'JSON-LD',
    '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"x","datePublished":"2024-05-03T08:00:00+03:00"}]}</script>',
    '',
    '2024-05-03T05:00:00.000Z',
    'jsonld',
  ],
  [
    'JSON-LD with raw line ends and a trailing comma',
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"a\nb","datePublished":"2024-05-03",}</script>',
    '',
    '2024-05-03T00:00:00.000Z',
    'jsonld',
  ],
  [
    'JSON-LD in a CDATA section',
    '<script type="application/ld+json">\n//<![CDATA[\n{"@type":"NewsArticle","datePublished":"2024-05-03"};\n//]]>\n</script>',
    '',
    '2024-05-03T00:00:00.000Z',
    'jsonld',
  ],
  [
    'meta',
    '<meta property="article:published_time" content="2024-05-03T08:00:00Z">',
    '',
    '2024-05-03T08:00:00.000Z',
    'meta',
  ],
  [
    'meta that is no ISO date',
    '<meta property="article:published_time" content="الجمعة، 03 مايو 2024 - 12:09 م">',
    '',
    '2024-05-03T12:09:00.000Z',
    'meta',
  ],
  [
    'itemprop',
    '',
    '<span itemprop="datePublished" content="2024-05-03">x</span>',
    '2024-05-03T00:00:00.000Z',
    'itemprop',
  ],
  ['time element', '', '<time datetime="2024-05-03T10:00:00Z">الجمعة</time>', '2024-05-03T10:00:00.000Z', 'time'],
  [
    'Levantine and Egyptian month names in one',
    '',
    '<div class="date">الجمعة 3 أيار / مايو 2024</div>',
    '2024-05-03T00:00:00.000Z',
    'text',
  ],
  [
    'Maghreb month and Arabic-Indic digits',
    '',
    '<div class="date">نشر في ٣ ماي ٢٠٢٤</div>',
    '2024-05-03T00:00:00.000Z',
    'text',
  ],
  ['solar Hijri', '', '<div class="date">تاریخ انتشار: ۱۴۰۳/۰۲/۱۴ - ۱۸:۵۹</div>', '2024-05-03T18:59:00.000Z', 'text'],
  [
    'section glued to the date',
    '',
    '<div class="date">اقتصاد2024/05/03 08:05</div>',
    '2024-05-03T08:05:00.000Z',
    'text',
  ],
  ['relative', '', '<div class="date">منذ ساعتين</div>', undefined, undefined],
  [
    'next year is not believed',
    '<meta property="article:published_time" content="2025-05-03T08:00:00Z">',
    '',
    undefined,
    undefined,
  ],
])('date – %s', (_name, head, top, at, source) => {
  const article = extract(page(head, top));
  expect([article.publishedAt, article.publishedSource]).toEqual([at, source]);
});

test.each<[string, string, string | undefined]>([
  [
    'under "published_on"',
    page('<meta name="published_on" content="2024-05-03T08:00:00Z">'),
    '2024-05-03T08:00:00.000Z',
  ],
  ['at the end of the title', page('<title>افتتاح مكتبة | ثقافة | 03.05.2024</title>'), '2024-05-03T00:00:00.000Z'],
  ['a year at the end of the title is none', page('<title>Harbour guide | Edition of 2024</title>'), undefined],
  [
    'month first on a page of the United States',
    page('<meta property="article:published_time" content="03-04-2024">').replace('lang="ar"', 'lang="en-US"'),
    '2024-03-04T00:00:00.000Z',
  ],
  [
    'day first elsewhere',
    page('<meta property="article:published_time" content="03-04-2024">').replace('lang="ar"', 'lang="en-GB"'),
    '2024-04-03T00:00:00.000Z',
  ],
  [
    'not that of a comment',
    `${page('')}<ol class="comment-list"><li><time itemprop="datePublished" datetime="2024-05-05T10:00:00Z">أمس</time><p>خبر جميل</p></li></ol>`,
    undefined,
  ],
  [
    'the first one, where the headline has that of the last change',
    `${page('', '<p>Last updated 5 May 2024</p>')}<div><p>2 May 2024 | Originally published</p></div>`,
    '2024-05-02T00:00:00.000Z',
  ],
  ['under the text', page('').replace('</main>', '<div><p>٣ مايو ٢٠٢٤</p></div></main>'), '2024-05-03T00:00:00.000Z'],
  [
    'not that of a related article under the text',
    page('').replace('</main>', '<div class="related"><p>٣ مايو ٢٠٢٤</p></div></main>'),
    undefined,
  ],
])('date – %s', (_name, html, expected) => {
  expect(extract(html).publishedAt).toBe(expected);
});

test('date – in the address, when nothing else states one', () => {
  const article = extract(page(''), 'https://www.maktaba.example/2024/05/03/library');
  expect(article).toMatchObject({ publishedAt: '2024-05-03T00:00:00.000Z', publishedSource: 'url' });
});

test.each<[string, string, string, string[]]>([
  [
    'JSON-LD persons',
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","author":[{"@type":"Person","name":"Rima Said"},{"name":"Omar Nasser"}]}</script>',
    '',
    ['Rima Said', 'Omar Nasser'],
  ],
  [
    'a page on Facebook is no author',
    '<meta property="article:author" content="https://www.facebook.com/maktaba">',
    '<div class="byline">بقلم: ريما سعيد</div>',
    ['ريما سعيد'],
  ],
  [
    'the site is no author when a person is named',
    '<meta name="author" content="maktaba"><meta property="og:site_name" content="Maktaba">',
    '<a rel="author" href="/a/1">ريما سعيد</a>',
    ['ريما سعيد'],
  ],
  [
    'a developer is no author',
    '<meta name="dc.creator" content="Developed By Pixel House">',
    '<span class="author">كتبت ريما سعيد</span>',
    ['ريما سعيد'],
  ],
  ['two names', '', '<div class="author-name">ريما سعيد، عمر ناصر</div>', ['ريما سعيد', 'عمر ناصر']],
  [
    'a label in an element of its own',
    '',
    '<div><span>By</span></div><div><span>Rima Said</span></div>',
    ['Rima Said'],
  ],
])('authors – %s', (_name, head, top, expected) => {
  expect(extract(page(head, top)).authors).toEqual(expected);
});

test('authors – a signature after the last paragraph', () => {
  const html = `<html><body><h1>افتتاح مكتبة عامة</h1><div class="body">${BODY}<p>ريما سعيد</p></div></body></html>`;
  const article = extract(html);
  expect(article.authors).toEqual(['ريما سعيد']);
  expect(article.text).not.toContain('ريما سعيد');
});

test('authors – the reporter a Chinese report opens with', () => {
  const text = '市立圖書館星期日重新開放，首日吸引上千名讀者，館方表示將延長開放時間，並增設兒童閱覽室。';
  const html = `<html lang="zh-TW"><body><h1>圖書館重新開放</h1><div class="text"><p>〔記者王小明／台北報導〕${text}</p><p>${text}</p></div></body></html>`;
  expect(extract(html).authors).toEqual(['王小明']);
});

test.each<[string[], string[]]>([
  [['By Rima Said and Omar Nasser'], ['Rima Said', 'Omar Nasser']],
  [['كتب - سمير الحلبي'], ['سمير الحلبي']],
  [['Von Anna Berg'], ['Anna Berg']],
  [['https://example.org/x', 'info@example.org'], []],
  [['Rima Said | Updated 3 May 2024'], ['Rima Said']],
  [['page.head.extra.author'], []],
])('cleanAuthors – %j', (lines, expected) => {
  expect(cleanAuthors(lines, new Set())).toEqual(expected);
});

test.each([
  ['رويترز', 'Reuters'],
  ['وكالة الأناضول', 'Anadolu'],
  ['法新社', 'AFP'],
  ['Rima Said', undefined],
])('agencyOf – %s', (credit, agency) => {
  expect(agencyOf(credit)).toBe(agency);
});

test('authors – an agency is the agency, and the person the author', () => {
  const article = extract(page('<meta name="author" content="ريما سعيد، رويترز">'));
  expect([article.authors, article.agency]).toEqual([['ريما سعيد'], 'Reuters']);
});

test('canonical URL – trusted on the same site only, and never the front page', () => {
  const canonical = (href: string) => extract(page(`<link rel="canonical" href="${href}">`)).canonicalUrl;
  expect(canonical('/news/library')).toBe('https://www.maktaba.example/news/library');
  expect(canonical('https://m.maktaba.example/news/library')).toBe('https://m.maktaba.example/news/library');
  expect(canonical('https://other.example/news/library')).toBeUndefined();
  expect(canonical('https://www.maktaba.example/')).toBeUndefined();
});

test('language, direction, section, keywords, image, site and words', () => {
  const article = extract(
    page(`<meta property="og:site_name" content="مكتبة"><meta property="og:image" content="/i.jpg"><meta property="article:section" content="ثقافة">
      <meta property="article:tag" content="كتب"><meta name="keywords" content="كتب، ترميم">`),
  );
  expect(article).toMatchObject({
    language: 'ar',
    direction: 'rtl',
    section: 'ثقافة',
    keywords: ['كتب', 'ترميم'],
    leadImage: 'https://www.maktaba.example/i.jpg',
    siteName: 'مكتبة',
  });
  expect(article.wordCount).toBe(article.text.split(/\s+/).length);
});

test.each<[string, string, string[]]>([
  [
    'prefixes and numbers of the publisher',
    '<meta name="keywords" content="Category: Moon, 4711, #ferries">',
    ['Moon', 'ferries'],
  ],
  [
    'a list about the site',
    '<meta property="og:site_name" content="Maktaba"><meta name="keywords" content="Maktaba, Maktaba news, Maktaba live, books">',
    [],
  ],
])('keywords – %s', (_name, head, expected) => {
  expect(extract(page(head)).keywords).toEqual(expected);
});

const breadcrumbs = (...names: string[]) =>
  `<script type="application/ld+json">${JSON.stringify({
    '@type': 'BreadcrumbList',
    itemListElement: names.map((name, i) => ({ '@type': 'ListItem', position: i + 1, item: { '@id': `/${i}`, name } })),
  })}</script>`;
test.each<[string, string, string | undefined]>([
  ['an address instead of a name', '<meta property="article:section" content="crime-safety">', 'crime safety'],
  ['said twice', '<meta property="article:section" content="News - News">', 'News'],
  ['the name of the site', '<meta property="article:section" content="Maktaba">', undefined],
  ['breadcrumbs', breadcrumbs('الرئيسية', 'ثقافة', 'كتب'), 'ثقافة'],
  [
    'breadcrumbs of the front page and the article',
    breadcrumbs('Home', 'افتتاح مكتبة عامة في المدينة القديمة'),
    undefined,
  ],
])('section – %s', (_name, head, expected) => {
  expect(extract(page(head)).section).toBe(expected);
});

test.each<[string, string, string | undefined]>([
  ['a standfirst', '<h2>بعد سنتين من أعمال الترميم عاد القراء</h2>', 'بعد سنتين من أعمال الترميم عاد القراء'],
  ['the headline again with its kicker', '<h2>ثقافة: افتتاح مكتبة عامة في المدينة القديمة</h2>', undefined],
  ['a label', '<h2>لخّص لنا هذا المقال الطويل رجاء:</h2>', undefined],
])('subtitle – %s', (_name, top, expected) => {
  expect(extract(page('', top)).subtitle).toBe(expected);
});

test('lead image – not the logo, and a folder named default is no reason', () => {
  const image = (src: string) =>
    extract(page(`<meta property="og:image" content="${src}"><meta name="twitter:image" content="/photo.jpg">`))
      .leadImage;
  expect(image('/img/site-logo.png')).toBe('https://www.maktaba.example/photo.jpg');
  expect(image('/sites/default/files/library.jpg')).toBe('https://www.maktaba.example/sites/default/files/library.jpg');
});

test('direction – that of the letters, whatever the page says', () => {
  const html = page('').replace('lang="ar"', 'lang="en" dir="ltr"');
  expect(extract(html).direction).toBe('rtl');
});

test('judgement – a paywalled teaser is an article, and flagged', () => {
  const ld =
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","datePublished":"2024-05-03","isAccessibleForFree":"False"}</script>';
  expect(extract(page(ld))).toMatchObject({ paywalled: true, isArticle: true });
  expect(extract(page('', '', 'خبر')).paywalled).toBe(false);
});

test('judgement – a live blog is flagged', () => {
  const ld =
    '<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"x","datePublished":"2024-05-03"}</script>';
  expect(extract(page(ld)).liveBlog).toBe(true);
});

test('judgement – section fronts and tag pages are no articles, and say why', () => {
  const teaser = (i: number) =>
    `<article><h2><a href="/n/${i}">خبر رقم ${i} من أخبار المدينة اليوم</a></h2><p>سطر قصير عن الخبر ${i}.</p></article>`;
  const list = Array.from({ length: 20 }, (_v, i) => teaser(i)).join('');
  const front = `<html lang="ar"><head><title>أخبار</title></head><body><main>${list}</main></body></html>`;
  for (const url of ['https://www.maktaba.example/', 'https://www.maktaba.example/tag/books']) {
    const article = extract(front, url);
    expect(article.isArticle).toBe(false);
    expect(article.notArticleReason).toBeTruthy();
  }
});
