import { expect, test } from 'vitest';
import { collectBlocks } from '../../../src/workers/extract-article/blocks.ts';
import { pruned } from '../../../src/workers/extract-article/choose-blocks.ts';
import { extractArticle, paragraphKey } from '../../../src/workers/extract-article/index.ts';
import { fold } from '../../../src/workers/extract-article/phrases.ts';
import { parseTree } from '../../../src/workers/extract-article/tree.ts';

/** Articles written for these tests, one per script. */
const ARTICLES = {
  ar: {
    title: 'افتتاح مكتبة عامة في المدينة القديمة بعد ترميم دام سنتين',
    text: [
      'افتتحت بلدية المدينة القديمة صباح الأحد مكتبة عامة جديدة بعد أعمال ترميم استمرت سنتين، بحضور عدد من الكتاب وأهالي الحي.',
      'وتضم المكتبة نحو ثلاثين ألف كتاب، إضافة إلى قاعة للأطفال وأخرى للمخطوطات، بحسب ما أعلنت مديرة المكتبة سلمى الحداد.',
      'وقالت الحداد إن المبنى الذي شيد قبل مئة عام كان مهددا بالانهيار، مؤكدة أن الترميم حافظ على أقواسه الحجرية ونوافذه الملونة.',
      'ومن المقرر أن تنظم المكتبة أمسيات أدبية كل خميس، وأن تفتح أبوابها مجانا لطلاب المدارس حتى نهاية العام.',
    ],
  },
  en: {
    title: 'Old ferry terminal reopens as a public library',
    text: [
      'The old ferry terminal reopened as a public library on Sunday after two years of repairs, with writers and neighbours among the first visitors.',
      'The library holds about thirty thousand books, a room for children and another for manuscripts, its director Salma Haddad said.',
      'Haddad said the century-old building had been in danger of collapse, and that the repairs kept its stone arches and coloured windows.',
      'The library plans readings every Thursday and will stay free of charge for pupils until the end of the year.',
    ],
  },
  zh: {
    title: '旧渡轮码头改建为公共图书馆',
    text: [
      '经过两年修缮，旧渡轮码头星期日以公共图书馆的身份重新开放，作家和附近居民成为首批访客，现场气氛热烈。',
      '馆长李文表示，图书馆藏书约三万册，另设儿童阅览室和古籍阅览室，读者可以凭身份证免费办理借书证。',
      '她说，这座百年建筑曾有倒塌的危险，修缮工程保留了原有的石拱和彩色玻璃窗，也加固了地基和屋顶。',
      '图书馆计划每星期四举办朗读会，并在年底以前对中小学生免费开放，希望吸引更多年轻读者走进这里。',
    ],
  },
  fr: {
    title: 'L’ancienne gare maritime devient une bibliothèque',
    text: [
      'L’ancienne gare maritime a rouvert dimanche sous la forme d’une bibliothèque, après deux ans de travaux, en présence d’écrivains et d’habitants du quartier.',
      'La bibliothèque compte environ trente mille livres, une salle pour les enfants et une autre pour les manuscrits, selon sa directrice, Salma Haddad.',
      'Le bâtiment centenaire menaçait de s’effondrer, a-t-elle expliqué, et les travaux ont conservé ses arches de pierre et ses vitraux.',
      'Des lectures auront lieu chaque jeudi, et l’entrée restera gratuite pour les élèves jusqu’à la fin de l’année.',
    ],
  },
} as const;
type Language = keyof typeof ARTICLES;

function page(language: Language, at: 'before' | 'within' | 'after', extra: string): string {
  const { title, text } = ARTICLES[language];
  const [first, second, ...rest] = text.map((t) => `<p>${t}</p>`);
  return `<!doctype html><html lang="${language}"><head><title>${title}</title></head><body>
    <header><nav><ul><li><a href="/1">A</a></li><li><a href="/2">B</a></li></ul></nav></header>
    <main><article><h1>${title}</h1><div class="article-body">${at === 'before' ? extra : ''}${first}${second}${
      at === 'within' ? extra : ''
    }${rest.join('')}${at === 'after' ? extra : ''}</div></article></main>
    <footer><p>© 2024</p></footer></body></html>`;
}

function extract(html: string) {
  return extractArticle(html, { url: 'https://library.example/2024/05/05/library', html: true });
}

test.each<[string, Language, 'before' | 'within' | 'after', string, string]>([
  [
    'caption',
    'ar',
    'before',
    '<figure><img src="/1.jpg"><figcaption>واجهة المكتبة بعد الترميم، تصوير يوسف.</figcaption></figure>',
    'تصوير يوسف',
  ],
  [
    'caption',
    'en',
    'within',
    '<figure><img src="/1.jpg"><figcaption>The reading room on Sunday. Photo: Y. Nasser</figcaption></figure>',
    'reading room',
  ],
  ['read-also line', 'ar', 'within', '<p>اقرأ أيضاً: <a href="/x">خطة لترميم أسوار المدينة القديمة</a></p>', 'أسوار'],
  [
    'read-also line with another hamza',
    'ar',
    'within',
    '<p><strong>إقرأ ايضا:</strong> <a href="/x">خطة لترميم الأسوار</a></p>',
    'الأسوار',
  ],
  ['read-also line', 'en', 'within', '<p>Read more: <a href="/x">City wall to be repaired</a></p>', 'City wall'],
  ['read-also line', 'fr', 'within', '<p>Lire aussi : <a href="/x">Les remparts seront restaurés</a></p>', 'remparts'],
  ['read-also line', 'zh', 'after', '<p>延伸阅读：<a href="/x">古城墙将修复</a></p>', '古城墙'],
  [
    'related box',
    'en',
    'after',
    '<div class="related"><h3>Related stories</h3><ul><li><a href="/x">City wall to be repaired</a></li><li><a href="/y">Harbour bridge closes</a></li></ul></div>',
    'bridge',
  ],
  [
    'related box',
    'ar',
    'after',
    '<div class="related-posts"><h3>مواضيع ذات صلة</h3><ul><li><a href="/x">خطة لترميم الأسوار</a></li><li><a href="/y">إغلاق الجسر</a></li></ul></div>',
    'الجسر',
  ],
  [
    'newsletter',
    'en',
    'within',
    '<div class="newsletter"><p>Sign up for our newsletter</p><p>Enter your email address</p></div>',
    'newsletter',
  ],
  [
    'newsletter',
    'fr',
    'within',
    '<div class="newsletter-box"><p>Inscrivez-vous à notre newsletter</p></div>',
    'newsletter',
  ],
  [
    'share bar',
    'ar',
    'after',
    '<div class="share"><a href="#">فيسبوك</a> <a href="#">تويتر</a> <a href="#">واتساب</a></div>',
    'واتساب',
  ],
  ['follow us', 'ar', 'after', '<p>تابعونا على <a href="https://t.example">تلغرام</a></p>', 'تلغرام'],
  [
    'tags',
    'ar',
    'after',
    '<div class="tags"><span>الكلمات الدالة:</span> <a href="/t/1">مكتبة</a> <a href="/t/2">ترميم</a></div>',
    'الدالة',
  ],
  [
    'tags',
    'en',
    'after',
    '<div class="tags">Tags: <a href="/t/1">libraries</a> <a href="/t/2">repairs</a></div>',
    'libraries',
  ],
  [
    'comments',
    'en',
    'after',
    '<div id="comments" class="comments"><h3>Comments</h3><p class="comment-text">Great news for everyone in town, we waited for so long.</p></div>',
    'waited',
  ],
  [
    'author biography',
    'en',
    'after',
    '<div class="author-bio"><p>Rima Said covers culture for the Library Post.</p></div>',
    'covers culture',
  ],
  [
    'byline and date',
    'en',
    'before',
    '<div class="byline">By <a href="/author/rima">Rima Said</a></div><div class="date">May 5, 2024</div>',
    'Rima',
  ],
  ['copyright line', 'ar', 'after', '<p class="copyright">جميع الحقوق محفوظة</p>', 'محفوظة'],
  [
    'headline repeated',
    'en',
    'before',
    '<h2>Old ferry terminal reopens as a public library</h2>',
    'ferry terminal reopens as a public',
  ],
  [
    'hidden element',
    'en',
    'within',
    '<p style="display:none">Subscribe to continue reading this story today.</p>',
    'Subscribe',
  ],
  ['advertisement', 'en', 'within', '<div class="ad-slot"><span>Advertisement</span></div>', 'Advertisement'],
  ['script and style text', 'en', 'within', '<script>var promo = "win";</script><style>.x{color:red}</style>', 'promo'],
])('extractArticle – leaves out: %s (%s, %s)', (_name, language, at, extra, marker) => {
  const { text, html } = extract(page(language, at, extra));
  for (const paragraph of ARTICLES[language].text) expect(text).toContain(paragraph);
  expect(text).not.toContain(marker);
  expect(html).toContain(ARTICLES[language].text[3].slice(0, 12));
});

test.each<[string, Language, string, string, string]>([
  ['sub-heading', 'ar', '<h2>قاعة للمخطوطات النادرة</h2>', 'قاعة للمخطوطات النادرة', 'h2'],
  [
    'list',
    'en',
    '<ul><li>Thirty thousand books in four languages.</li><li>Two hundred seats by the water.</li></ul>',
    'Two hundred seats by the water.',
    'list',
  ],
  [
    'quote',
    'ar',
    '<blockquote><p>لم نتخيل أن نرى الأقواس الحجرية كما كانت قبل مئة عام، وهذا يوم فرح للحي كله.</p></blockquote>',
    'وهذا يوم فرح للحي كله',
    'quote',
  ],
  [
    'embedded post',
    'en',
    '<blockquote class="twitter-tweet"><p>The doors are open and the whole street is here, what a day for this town.</p>— Salma Haddad May 5, 2024</blockquote>',
    'what a day for this town',
    'embed',
  ],
])('extractArticle – keeps: %s (%s)', (_name, language, extra, marker, type) => {
  const { text, paragraphs } = extract(page(language, 'within', extra));
  expect(text).toContain(marker);
  expect(paragraphs.find((p) => p.text.includes(marker))?.type).toBe(type);
});

test.each<[string, string]>([
  [
    'stories listed above the headline',
    `<ul class="breaking"><li><a href="/2">Storm</a> The storm that crossed the bay on Friday has left two piers and a market hall in ruins, the town said.</li>
     <li><a href="/3">Trams</a> The tram company said on Saturday that its new line to the harbour would open in the autumn, not in May.</li></ul>`,
  ],
  [
    'readers below the text',
    `<ol class="comments-list"><li><p>A storm is coming, and the town buys books. I would have spent the money on the piers instead, as many have said.</p></li></ol>`,
  ],
])('pruned – %s', (name, extra) => {
  const html = page('en', 'after', '');
  const at = name.endsWith('headline') ? '<h1>' : '</article>';
  const blocks = collectBlocks(parseTree(html.replace(at, `${extra}${at}`)).root);
  const headline = { foldedTitle: fold(ARTICLES.en.title), titleAt: blocks.findIndex((b) => b.node.tag === 'h1') };
  const text = blocks.filter((b) => b.words > 8);
  expect(text.length).toBeGreaterThan(ARTICLES.en.text.length);
  expect(pruned(text, headline).map((b) => b.text)).toEqual(ARTICLES.en.text);
  // Alone it may be all there is.
  const alone = text.filter((b) => !(ARTICLES.en.text as readonly string[]).includes(b.text));
  expect(pruned(alone, { ...headline, foldedTitle: '' }).length).toBeGreaterThan(0);
});

test('extractArticle – text without paragraphs, broken by <br>', () => {
  const { title, text } = ARTICLES.ar;
  const html = `<html><body><h1>${title}</h1><div id="news-body">${text.join('<br><br>')}</div><div class="menu"><a href="/1">رياضة</a><br><a href="/2">سياسة</a></div></body></html>`;
  const article = extract(html);
  expect(article.paragraphs.map((p) => p.text)).toEqual([...text]);
});

test('extractArticle – a body in several siblings, parted by advertisements', () => {
  const { title, text } = ARTICLES.en;
  const parts = text.map(
    (t, i) => `<div class="story-text part-${i}"><p>${t}</p></div><div class="ad-slot">Advertisement</div>`,
  );
  const article = extract(`<html><body><h1>${title}</h1><div class="content">${parts.join('')}</div></body></html>`);
  expect(article.paragraphs.map((p) => p.text)).toEqual([...text]);
});

test('extractArticle – the body twice in the page is taken once', () => {
  const { title, text } = ARTICLES.en;
  const body = text.map((t) => `<p>${t}</p>`).join('');
  const article = extract(
    `<html><body><h1>${title}</h1><div class="story-body">${body}</div><div class="story-body">${body}</div></body></html>`,
  );
  expect(article.text.split(text[1]).length).toBe(2);
});

test('extractArticle – JSON-LD text stands in where the page shows only its beginning', () => {
  const { title, text } = ARTICLES.fr;
  const ld = JSON.stringify({ '@type': 'NewsArticle', headline: title, articleBody: text.join('\n\n') });
  const article = extract(
    `<html><head><script type="application/ld+json">${ld}</script></head><body><h1>${title}</h1><p>${text[0].slice(0, 90)}…</p></body></html>`,
  );
  expect(article.method).toBe('jsonld');
  expect(article.paragraphs.map((p) => p.text)).toEqual([...text]);
});

test('extractArticle – furniture of the site is left out, whatever its spelling', () => {
  const notice = 'هذا الموقع من إنتاج مؤسسة المكتبات العامة، وتصدر النشرة كل أسبوع عن مكتبها في المدينة.';
  const html = page('ar', 'after', `<p>${notice}</p>`);
  const furniture = new Set([paragraphKey(notice.replace('إنتاج', 'انتاج'))]);
  const article = extractArticle(html, { url: 'https://library.example/a', furniture });
  expect(article.text).not.toContain('مؤسسة المكتبات');
  expect(article.paragraphs).toHaveLength(4);
});

test('extractArticle – a site rule says where the text and the author are', () => {
  const { title, text } = ARTICLES.en;
  const html = `<html><body><h1>${title}</h1><span class="wr">Rima Said</span><div class="x1">${text.map((t) => `<p>${t}</p>`).join('')}<p class="promo-line">${text[0]} Support independent libraries in your town, they need readers like you.</p></div></body></html>`;
  const siteRule = { host: 'library.example', body: ['div.x1'], remove: ['p.promo-line'], author: '.wr' };
  const article = extractArticle(html, { url: 'https://library.example/a', siteRule });
  expect(article.authors).toEqual(['Rima Said']);
  expect(article.paragraphs.map((p) => p.text)).toEqual([...text]);
  expect(article.method).toBe('site-rule');
});

test('extractArticle – html is safe to show: no scripts, handlers, styles or other schemes', () => {
  const { html } = extract(
    page(
      'en',
      'within',
      `<p onclick="steal()">Readers may borrow five books, as <a href="javascript:steal()">the rules</a> and <a href="/rules">the guide</a> say, <b>for a month</b>.<img src="x" onerror="steal()"><iframe src="//evil.example"></iframe></p>`,
    ),
  );
  expect(html).toContain('<a href="https://library.example/rules"');
  expect(html).toContain('<b>for a month</b>');
  expect(html).not.toMatch(/steal|javascript|iframe|onclick|onerror|style=/);
});
