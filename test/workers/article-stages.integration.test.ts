import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCatalogue } from '../../src/newsstand/catalogue.ts';
import type { Service } from '../../src/service.ts';
import type { Article } from '../../src/shared/model.ts';
import { canonicalizeUrl } from '../../src/shared/url/index.ts';
import { paragraphKey } from '../../src/workers/extract-article/index.ts';
import { rememberDrift, SEEDED } from '../support/drift.ts';
import { type MisbehavingSite, startMisbehavingSite } from '../support/misbehaving-site.ts';
import { runLine, testService } from '../support/service.ts';

const PARAGRAPHS = [
  'أعلنت إدارة الميناء في مدينة صور أن الرصيف الجديد سيفتح أمام السفن التجارية في مطلع الشهر المقبل بعد أعمال استمرت عامين.',
  'وقال مدير الميناء إن الرصيف يستقبل سفناً يصل طولها إلى مئتي متر، وإن حركة البضائع ستزيد بمقدار الثلث خلال عام واحد.',
  'وكانت الأعمال قد توقفت مرتين بسبب العواصف التي ضربت الساحل في الشتاء، قبل أن تستأنف بمشاركة شركات محلية وأجنبية.',
];
const OTHER = [
  'عادت أسراب اللقلق إلى سهل البقاع هذا الأسبوع أبكر من موعدها المعتاد، ورصد متطوعون أكثر من أربعة آلاف طائر في يوم واحد.',
  'وتقول جمعية لمراقبة الطيور إن الدفء المبكر دفع الأسراب إلى الشمال، وإن الصيادين التزموا هذا العام بمنع الصيد في الممر.',
  'ويستعد المتطوعون لعد ثان في نهاية الأسبوع عند بحيرة القرعون، حيث تبيت الطيور قبل أن تعبر الجبال نحو الأناضول.',
];
const TEASED = [
  'افتتحت بلدية طرابلس سوق الكتب القديمة بعد ترميم دام ثلاثة أعوام، وعادت إليه سبع وعشرون مكتبة كانت قد أغلقت أبوابها.',
  'ويأمل أصحاب المكتبات أن يجذب السوق الطلاب والسياح معاً، وقد خفضت البلدية الإيجارات إلى النصف طوال السنة الأولى.',
];
const SIGN_OFF = 'للاطلاع على ملحق الميناء الثقافي زوروا مكتبة البلدية كل خميس بعد الظهر.';
const story = (title: string, paragraphs = PARAGRAPHS, head = '') =>
  `<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body><article><h1>${title}</h1>${paragraphs.map((p) => `<p>${p}</p>`).join('')}</article></body></html>`;

describe('article stages on pages of every kind', () => {
  let site: MisbehavingSite;
  let service: Service;
  const entries: string[] = [];
  /** Serves a feed of the entries from `first` on. */
  const feed = (path: string, first = 0): string => {
    const items = entries.slice(first).join('');
    site.route(path, (_request, response) =>
      response
        .setHeader('content-type', 'application/rss+xml; charset=utf-8')
        .end(
          `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>صحيفة الميناء</title><link>${site.origin}/</link>${items}</channel></rss>`,
        ),
    );
    return site.origin + path;
  };
  const page = (path: string, body: string, content = '') => {
    site.route(path, (_request, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(body));
    entries.push(
      `<item><title>${/<title>(.*?)<\/title>/.exec(body)?.[1] ?? path}</title><link>${site.origin}${path}</link><pubDate>${new Date(Date.UTC(2026, 2, 1 + entries.length)).toUTCString()}</pubDate>${content}</item>`,
    );
  };
  const find = async (path: string): Promise<Article> => {
    const article = await service.stores.articles.find(canonicalizeUrl(site.origin + path) ?? '');
    if (!article) throw new Error(`no article for ${path}`);
    return article;
  };

  beforeAll(async () => {
    site = await startMisbehavingSite();
    page('/plain', story('رصيف جديد في ميناء صور'));
    page('/twin', story('رصيف جديد في ميناء صور', PARAGRAPHS, `<link rel="canonical" href="${site.origin}/plain">`));
    page(
      '/elsewhere',
      story(
        'قصة أخرى من المطار القديم',
        OTHER,
        `<link rel="canonical" href="https://other.example/story"><meta property="article:published_time" content="${new Date(Date.now() + 4 * 3_600_000).toISOString().slice(0, 16)}">`,
      ),
    );
    page(
      '/teaser',
      '<!doctype html><title>قصير</title><p>اشترك لقراءة المقال.</p>',
      `<content:encoded><![CDATA[${TEASED.map((p) => `<p>${p}</p>`).join('')}]]></content:encoded>`,
    );
    page('/short', '<!doctype html><title>عاجل</title><article><p>عاجل: هزة خفيفة.</p></article>');
    page('/empty', '');
    site.route('/gone', (_request, response) => response.writeHead(410).end());
    site.route('/paywall', (_request, response) => response.writeHead(402).end());
    site.route('/picture', (_request, response) => response.setHeader('content-type', 'image/png').end('png'));
    site.route('/moved', (_request, response) => response.writeHead(301, { location: '/plain' }).end());
    site.route('/', (_request, response) =>
      response.setHeader('content-type', 'text/html').end(story('الصفحة الأولى')),
    );
    for (const path of ['/home-1', '/home-2'])
      site.route(path, (_request, response) => response.writeHead(302, { location: '/' }).end());
    for (const path of ['/gone', '/paywall', '/picture', '/moved', '/home-1', '/home-2'])
      entries.push(`<item><title>خبر ${path}</title><link>${site.origin}${path}</link></item>`);
    entries.push(
      '<item><guid isPermaLink="false">note-1</guid><title>ملاحظة بلا صفحة</title><description><![CDATA[' +
        `<p>${PARAGRAPHS[2]} وقد جاء ذلك في بيان قصير وزعه المكتب الصحفي على وسائل الإعلام المحلية مساء اليوم دون تفاصيل أخرى.</p>` +
        ']]></description></item>',
    );
    const written = buildCatalogue({ seed: 3, count: 0, now: new Date() }).items.get('mina') ?? [];
    const ends = written.slice(0, 6).map((item, n) => {
      const { title, body } = item.content();
      return { path: `/ends/${n}`, html: story(title, [...body.map(({ text }) => text), SIGN_OFF]) };
    });
    for (const { path, html } of ends.slice(0, 5)) page(path, html);
    service = await testService();
    await rememberDrift(service, new URL(site.origin).host);
    await runLine(service, [feed('/feed')]);
    const known = entries.length;
    for (const { path, html } of ends.slice(5)) page(path, html);
    await runLine(service, [feed('/later', known)]);
  }, 300_000);
  afterAll(() => site.close());

  test.each([
    ['/gone', 'ended', 'gone'],
    ['/home-1', 'ended', 'gone'],
    ['/home-2', 'ended', 'gone'],
    ['/paywall', 'ended', 'refused'],
    ['/picture', 'ended', 'not-a-page'],
    ['/empty', 'ended', 'not-a-page'],
    ['/plain', 'published', 'published'],
    ['/elsewhere', 'published', 'published'],
  ])('%s – %s, %s', async (path, state, outcome) => {
    expect(await find(path)).toMatchObject({ state, outcome });
  });

  test('every page teaches how well its host is read', async () => {
    const [host] = await service.stores.sites.drifting(10);
    expect(host?.method).not.toBe(SEEDED);
  });

  test('a flash of a few words – an end of its own, not a failure', async () => {
    expect((await find('/short')).outcome).toMatch(/^(too-short|not-an-article)$/);
  });

  test('a redirect to a known article – its exact copy, found without reading it', async () => {
    const moved = await find('/moved');
    expect(moved).toMatchObject({
      state: 'duplicate',
      dup: { of: (await find('/plain'))._id, kind: 'exact', method: 'redirect' },
    });
    expect(moved.trace.map(({ stage }) => stage)).toEqual(['fetch-article']);
  });

  test('rel=canonical of the same site – an exact copy; of another site – not believed', async () => {
    const pair = [await find('/plain'), await find('/twin')];
    expect(pair.filter(({ state }) => state === 'duplicate')).toHaveLength(1);
    expect(pair.find(({ dup }) => dup)?.dup).toMatchObject({
      kind: 'exact',
      method: expect.stringMatching(/^(canonical-url|content-hash)$/),
    });
    expect(await find('/elsewhere')).toMatchObject({ state: 'published' });
  });

  test('a page dated ahead of now, its feed not – the feed is believed', async () => {
    expect(await find('/elsewhere')).toMatchObject({
      publishedAt: new Date('2026-03-03T00:00:00Z'),
      publishedSource: 'feed',
    });
  });

  test('a teaser whose feed carries the whole text – the entry is the article', async () => {
    const article = await find('/teaser');
    expect(article).toMatchObject({ state: 'published', extract: { method: 'feed-entry' } });
    expect(article.text).toContain(TEASED[0]);
  });

  test('an entry without a page – published from the feed', async () => {
    const { articles } = await service.stores.catalog.list({ limit: 100 }, new Date());
    const note = articles.find(({ entry }) => entry.unlinked);
    expect(note).toMatchObject({ state: 'published', title: expect.stringContaining('ملاحظة') });
  });

  test('a line that ends every page of a site – left out once it is known', async () => {
    const early = await Promise.all([0, 1, 2, 3, 4].map((n) => find(`/ends/${n}`)));
    const last = await find('/ends/5');
    expect(await service.stores.sites.furnitureOf(new URL(site.origin).host)).toEqual(
      new Set([paragraphKey(SIGN_OFF)]),
    );
    // They are read side by side, and the fifth may come after the line is known.
    expect(early.filter(({ text }) => text?.endsWith(SIGN_OFF)).length).toBeGreaterThanOrEqual(4);
    expect(last.text?.length).toBeGreaterThan(500);
    expect(last.text).not.toContain(SIGN_OFF);
  });

  test('every article keeps where it came from and each step it took', async () => {
    const { articles } = await service.stores.catalog.list({ limit: 100 }, new Date());
    expect(articles).toHaveLength(entries.length);
    for (const { source, trace, feeds } of articles) {
      expect(source.name).toBe('صحيفة الميناء');
      expect(feeds).toHaveLength(1);
      expect(trace.length).toBeGreaterThan(0);
    }
  });
});
