import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ReplayOptions, replay, sendBack } from '../../src/cli/replay.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { type Newsstand, startNewsstand } from '../../src/newsstand/index.ts';
import type { Service } from '../../src/service.ts';
import type { Article } from '../../src/shared/model.ts';
import { UNFINISHED } from '../../src/shared/stores/articles.ts';
import { rememberDrift, SEEDED } from '../support/drift.ts';
import { uniqueName } from '../support/servers.ts';
import { runLine, testEnvironment, testService } from '../support/service.ts';

const NOW = new Date();
const ALL = { limit: 1000 };

let stand: Newsstand;
let service: Service;
const name = uniqueName('replay');
beforeAll(async () => {
  stand = await startNewsstand();
  service = await testService(testEnvironment(name));
  const arabic = stand.outlets.filter(({ language }) => language === 'ar').slice(0, 2);
  await runLine(
    service,
    arabic.map(({ feedUrl }) => feedUrl),
  );
  for (const { siteUrl } of arabic) await rememberDrift(service, new URL(siteUrl).host);
}, 300_000);
afterAll(() => stand.close());

const published = async (): Promise<Article[]> =>
  (await service.stores.catalog.list({ state: 'published', limit: 200 }, NOW)).articles.sort(
    (a, b) => (a.seq ?? 0) - (b.seq ?? 0),
  );

async function settled(): Promise<void> {
  await expect
    .poll(async () => (await service.stores.catalog.countByState()).filter(({ state }) => UNFINISHED.includes(state)), {
      timeout: 100_000,
      interval: 200,
    })
    .toEqual([]);
}

/** Changes what was stored, as an earlier and worse version of the stage would have left it. */
async function spoil(id: string, set: Partial<Article>): Promise<void> {
  const line = { stage: 'test', outcome: 'published', ms: 0, version: 1, at: NOW };
  await service.stores.articles.advance(id, 'published', 'published', { line, set });
}

async function command(options: ReplayOptions): Promise<string> {
  const stdout = new PassThrough();
  const terminal = {
    env: testEnvironment(name),
    stdout,
    stderr: new PassThrough().resume(),
    signal: new AbortController().signal,
  } as unknown as Terminal;
  await replay(terminal, options);
  stdout.end();
  return text(stdout);
}

describe('replay', () => {
  test('--dry-run – tells what would change, and changes nothing', async () => {
    const [article] = await published();
    await spoil(article?._id ?? '', { title: 'عنوان قديم', authors: ['كاتب سابق'] });
    const before = await published();
    const told = await command({ stage: 'extract-article', dryRun: true, ...ALL });
    expect(told).toMatch(/^\d+ articles would be put back at extract-article; nothing was changed$/m);
    expect(told).toMatch(/^ +title +1 changed$/m);
    expect(told).toMatch(/^ +text +0 changed$/m);
    expect(told).toMatch(/^ +authors +1 changed$/m);
    expect(told).toContain('- title: \u2068عنوان قديم\u2069');
    expect(told).toContain(`+ title: \u2068${article?.title}\u2069`);
    expect(told).toMatch(/^Without --dry-run they go through this stage/m);
    expect(await published()).toEqual(before);
  });

  test.each(['extract-article', 'dedupe', 'extract-entities'] as const)(
    '%s – published articles are published again, each in its old place',
    async (stage) => {
      const before = await published();
      const { sent, pageless } = await sendBack(service, { stage, ...ALL });
      expect(sent).toBeGreaterThanOrEqual(before.length);
      expect(pageless).toBe(0);
      await settled();
      const after = await published();
      expect(after.map(({ _id, seq, storedAt }) => ({ _id, seq, storedAt }))).toEqual(
        before.map(({ _id, seq, storedAt }) => ({ _id, seq, storedAt })),
      );
      for (const { outcome, trace } of after) {
        expect(outcome).toBe('updated');
        const replayed = trace.findLastIndex((line) => line.outcome === 'replayed');
        expect(trace[replayed]?.stage).toBe(stage);
        expect(trace[replayed + 1]?.stage).toBe(stage);
        expect(trace.filter((line) => line.outcome === 'published' && line.stage === 'publish-article')).toHaveLength(
          1,
        );
      }
    },
  );

  test('dedupe --dry-run – tells what would be decided about copies today, and a replay decides it', async () => {
    const [copy] = (await service.stores.catalog.list({ state: 'duplicate', limit: 1 }, NOW)).articles;
    const { _id: id, dup } = copy as Article;
    const line = { stage: 'test', outcome: 'duplicate', ms: 0, version: 1, at: NOW };
    const text = 'نص آخر لا صلة له بالأصل، كتب لهذا الاختبار وحده ولا يشبه خبرا من الأخبار التي نشرت قبله. '.repeat(3);
    await service.stores.articles.advance(id, 'duplicate', 'duplicate', { line, set: { text } });
    const told = await command({ stage: 'dedupe', dryRun: true, ...ALL });
    expect(told).toMatch(/^ +copies +[1-9]\d*, of which 0 stay/m);
    expect(told).toMatch(/^ +changed +1$/m);
    expect(told).toContain(`- ${dup?.kind} copy of ${dup?.of}`);
    expect(told).toContain('+ no copy');
    expect(await service.stores.articles.get(id)).toMatchObject({ state: 'duplicate', dup });

    await sendBack(service, { stage: 'dedupe', ...ALL });
    await settled();
    expect(await service.stores.articles.get(id)).toMatchObject({ state: 'published' });
    expect(await command({ stage: 'dedupe', dryRun: true, ...ALL })).toMatch(/^ +changed +0$/m);
  });

  test('what a new reading does not find is removed', async () => {
    const [article] = await published();
    await spoil(article?._id ?? '', { subtitle: 'ما لم تقله الصفحة', title: 'عنوان قديم' });
    await sendBack(service, { stage: 'extract-article', ...ALL });
    await settled();
    const after = await service.stores.articles.get(article?._id ?? '');
    expect(after?.title).not.toBe('عنوان قديم');
    expect(after).not.toMatchObject({ subtitle: 'ما لم تقله الصفحة' });
  });

  test('a page that is read again says nothing new of its host', async () => {
    const hosts = await service.stores.sites.drifting(10);
    expect(hosts.map(({ method }) => method)).toEqual([SEEDED, SEEDED]);
  });

  test('only those asked for', async () => {
    const all = (await published()).length;
    const [first] = await published();
    const chosen = async (query: Partial<ReplayOptions>) =>
      Number((await command({ stage: 'extract-entities', dryRun: true, ...ALL, ...query })).split(' ')[0]);
    expect(await chosen({ lang: 'ar' })).toBe(all);
    expect(await chosen({ lang: 'en' })).toBe(0);
    expect(await chosen({ domain: first?.source.domain })).toBeGreaterThan(0);
    expect(await chosen({ domain: 'nowhere.example' })).toBe(0);
    expect(await chosen({ method: first?.extract?.method })).toBeGreaterThan(0);
    expect(await chosen({ outcome: first?.outcome })).toBeGreaterThan(0);
    expect(await chosen({ outcome: 'too-short' })).toBe(0);
    expect(await chosen({ versionBelow: 1 })).toBe(0);
    expect(await chosen({ versionBelow: 1000 })).toBe(all);
    expect(await chosen({ since: new Date(Date.now() + 60_000) })).toBe(0);
    expect(await chosen({ limit: 1 })).toBe(1);
  });
});
