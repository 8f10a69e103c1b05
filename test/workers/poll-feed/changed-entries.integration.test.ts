import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Article } from '../../../src/shared/model.ts';
import { newsPage, rss, sends } from '../../support/feed-site.ts';
import { type MisbehavingSite, startMisbehavingSite } from '../../support/misbehaving-site.ts';
import { type Bench, stageBench } from '../../support/stages.ts';

const HOUR = 3_600_000;
const LINE = ['fetch-article fetched', 'extract-article extracted', 'dedupe unique', 'extract-entities enriched'];
const PARAGRAPHS = [
  'افتتحت بلدية المدينة الساحلية صباح اليوم الاثنين مكتبة عامة جديدة في مبنى الميناء القديم بحضور مئات السكان.',
  'وقالت مديرة المكتبة سلمى الحداد إن المبنى يضم أكثر من أربعين ألف كتاب وقاعة للأطفال وأخرى للمخطوطات النادرة.',
  'وأضافت أن أعمال الترميم استمرت ثلاث سنوات وحافظت على الواجهة الحجرية التي تعود إلى القرن التاسع عشر.',
];
const LATER = 'وأعلنت البلدية في المساء أن المكتبة ستفتح أبوابها مجانا طوال الشهر الأول أمام جميع الزوار.';

let site: MisbehavingSite;
let bench: Bench;
beforeAll(async () => {
  site = await startMisbehavingSite();
  bench = await stageBench();
});
afterAll(() => site.close());
// The tests tell the same story, and its copies are the matter of one of them only.
beforeEach(() => {
  bench.deps.nearDuplicates = bench.emptyIndex();
});

let made = 0;
/** A feed of one entry with its page, polled and published once. Change `entry` and `page` and poll again. */
async function published({ page = PARAGRAPHS } = {}) {
  const n = ++made;
  const story = {
    entry: {
      title: `افتتاح المكتبة الجديدة`,
      text: 'موجز الخبر كما هو في الخلاصة',
      link: `${site.origin}/story-${n}`,
    },
    title: `افتتاح المكتبة الجديدة في المدينة`,
    page: page as readonly string[],
    status: 200,
  };
  site.route(
    `/feed-${n}`,
    sends(() => rss([story.entry]), { etag: `"${n}"` }),
  );
  site.route(`/story-${n}`, (_request, response) =>
    response
      .writeHead(story.status, { 'content-type': 'text/html; charset=utf-8' })
      .end(newsPage(story.title, story.page)),
  );
  const { feeds, articles } = bench.deps.stores;
  await feeds.add({ url: `${site.origin}/feed-${n}`, folders: [] }, bench.clock.now);
  const feedId = (await feeds.find(`${site.origin}/feed-${n}`))?._id ?? '';
  const poll = () => bench.runOn('poll-feed', { feedId });
  const outcomes = await poll();
  const read = async (): Promise<Article> => {
    const article = await articles.find(`${site.origin.replace('http:', 'https:')}/story-${n}`);
    if (!article) throw new Error('no article');
    return article;
  };
  const seen = () => site.seen.filter(({ path }) => path === `/story-${n}`).length;
  return { story, feedId, poll, read, seen, outcomes, feed: () => feeds.get(feedId) };
}

describe('an entry that changes after publication', () => {
  test('its page has a new text – published again as an update, with the difference kept', async () => {
    const { story, poll, read, outcomes } = await published();
    expect(outcomes).toEqual(['poll-feed polled', ...LINE, 'publish-article published']);
    const first = await read();
    bench.clock.advance(2 * HOUR);
    story.entry.text = 'موجز آخر بعد تحديث الخبر في المساء';
    story.page = [...story.page.slice(0, 2), LATER];
    expect(await poll()).toEqual(['poll-feed polled', ...LINE, 'publish-article updated']);
    const second = await read();
    expect(second).toMatchObject({
      _id: first._id,
      state: 'published',
      outcome: 'updated',
      version: 2,
      versions: [
        {
          n: 1,
          title: first.title,
          replacedAt: bench.clock.now,
          diff: [{ at: 2, removed: [PARAGRAPHS[2]], added: [LATER] }],
        },
      ],
    });
    expect(second.text).toContain(LATER);
    expect(second.seq).toBeGreaterThan(first.seq ?? Number.POSITIVE_INFINITY);
    expect(second).not.toHaveProperty('revisit');
    expect(second.trace.filter(({ outcome }) => outcome === 'published')).toHaveLength(1);
    expect(second.trace.map(({ stage, outcome }) => `${stage} ${outcome}`)).toContain('poll-feed changed');
  });

  test('its page says the same – the article stands as before, without a second publication', async () => {
    const { story, poll, read } = await published();
    const before = await read();
    bench.clock.advance(2 * HOUR);
    story.entry.title = 'عنوان آخر في الخلاصة وحدها';
    expect(await poll()).toEqual(['poll-feed polled', 'fetch-article fetched', 'extract-article unchanged']);
    const after = await read();
    expect(after).toMatchObject({
      state: 'published',
      outcome: 'published',
      seq: before.seq,
      movedAt: before.movedAt,
      text: before.text,
      revisited: { fruitless: 1 },
    });
    expect(after).not.toHaveProperty('versions');
    expect(after).not.toHaveProperty('dueBy');
  });

  test.each([
    ['gone', 404, 'fetch-article gone'],
    ['only a notice', 200, 'extract-article not-an-article'],
  ])('its page is %s – what was published stays published', async (_case, status, last) => {
    const { story, poll, read } = await published();
    const before = await read();
    bench.clock.advance(2 * HOUR);
    Object.assign(story, { status, page: ['غير متوفر'] });
    story.entry.text = 'موجز جديد لخبر لم يعد موجودا';
    expect((await poll()).at(-1)).toBe(last);
    expect(await read()).toMatchObject({
      state: 'published',
      outcome: 'published',
      seq: before.seq,
      text: before.text,
    });
  });

  test('its page cannot be read – quarantine leaves the article as it was', async () => {
    const { story, poll, read } = await published();
    const before = await read();
    bench.clock.advance(2 * HOUR);
    story.status = 500;
    story.entry.text = 'موجز جديد والخادم لا يجيب';
    await expect(poll()).rejects.toMatchObject({ code: 'HTTP_5XX' });
    expect(await read()).toMatchObject({ state: 'discovered', revisit: { state: 'published' } });
    const reason = { stage: 'fetch-article', code: 'HTTP_5XX', message: '500' };
    await bench.deps.stores.articles.quarantine(before._id, reason, bench.clock.now);
    const after = await read();
    expect(after).toMatchObject({ state: 'published', seq: before.seq, text: before.text, movedAt: before.movedAt });
    expect(after.trace.at(-1)).toMatchObject({ outcome: 'quarantined HTTP_5XX' });
  });

  test('again within the hour – it waits, and the document is read again until its time has come', async () => {
    const { story, poll, read, seen, feed } = await published();
    bench.clock.advance(2 * HOUR);
    story.entry.text = 'التحديث الأول';
    story.page = [...story.page, LATER];
    await poll();
    expect(seen()).toBe(2);
    const { bodyHash } = (await feed()) ?? {};
    story.entry.text = 'التحديث الثاني بعد دقائق';
    story.page = [...story.page, 'وحضر الافتتاح وزير الثقافة وعدد من الكتاب والناشرين من المدن المجاورة.'];
    bench.clock.advance(HOUR / 2);
    expect(await poll()).toEqual(['poll-feed polled']);
    expect(seen()).toBe(2);
    expect((await feed())?.bodyHash).toBe(bodyHash);
    bench.clock.advance(HOUR / 2);
    expect((await poll()).at(-1)).toBe('publish-article updated');
    expect(await read()).toMatchObject({ version: 3, versions: [{ n: 1 }, { n: 2 }] });
    expect(await poll()).toEqual(['poll-feed unchanged']);
  });

  test('an entry that changes at every poll for nothing – its page is left alone longer each time', async () => {
    const { story, poll, seen } = await published();
    const asked: number[] = [];
    for (let hour = 1; hour <= 40; hour++) {
      bench.clock.advance(HOUR);
      story.entry.text = `اعلان متغير ${'ابجدهوزحطي'[hour % 10]}${'ابجدهوزحطي'[Math.floor(hour / 10)]}`;
      const before = seen();
      await poll();
      if (seen() > before) asked.push(hour);
    }
    expect(asked).toEqual([1, 3, 7, 15, 31]);
  });

  test('of a copy – it stays a copy, and keeps the difference too', async () => {
    const { story, read } = await published();
    const twin = await published({ page: [] });
    twin.story.page = story.page;
    twin.story.title = story.title;
    twin.story.entry.text = 'صار للصفحة نص';
    bench.clock.advance(2 * HOUR);
    expect((await twin.poll()).at(-1)).toBe('dedupe duplicate');
    const original = await read();
    expect(await twin.read()).toMatchObject({ state: 'duplicate', dup: { of: original._id } });
    bench.clock.advance(2 * HOUR);
    twin.story.entry.text = 'موجز آخر للنسخة';
    twin.story.page = [...story.page, LATER];
    expect((await twin.poll()).at(-1)).toBe('dedupe duplicate');
    expect(await twin.read()).toMatchObject({ state: 'duplicate', dup: { of: original._id }, version: 2 });
  });

  test('of an article that had ended too short – it gets its chance', async () => {
    const { story, poll, read, outcomes } = await published({ page: [] });
    expect(outcomes.at(-1)).toMatch(/^extract-article (?:too-short|not-an-article)$/);
    bench.clock.advance(2 * HOUR);
    story.page = PARAGRAPHS;
    story.entry.text = 'اكتمل الخبر';
    expect(await poll()).toEqual(['poll-feed polled', ...LINE, 'publish-article published']);
    expect(await read()).not.toHaveProperty('versions');
  });
});
