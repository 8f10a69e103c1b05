import { expect, test } from 'vitest';
import { createLogger } from '../../../src/shared/logger.ts';
import { publishArticle } from '../../../src/workers/publish-article/stage.ts';
import { insertArticle } from '../../support/insert-article.ts';
import { stageBench } from '../../support/stages.ts';

test('an article that is saved late – is not skipped by a reader who is past its number', async () => {
  const { deps, clock, run } = await stageBench();
  const { articles, catalog } = deps.stores;
  const slow = await insertArticle(deps, 'enriched', {}, 'enriched');
  const quick = await insertArticle(deps, 'enriched', {}, 'enriched');
  let read: (string | undefined)[] = [];
  let cursor = 0;
  const follow = async () => {
    const page = await catalog.list({ since: cursor, limit: 10 }, clock.now);
    read = [...read, ...page.articles.map(({ _id }) => _id)];
    cursor = Number(page.cursor ?? cursor);
  };
  let meanwhile: (() => Promise<void>) | undefined = async () => {
    await run('publish-article', { articleId: quick });
    clock.advance(10_000);
    await follow();
  };
  // The number has been given; before the article is saved another one is published and read.
  const held = Object.assign(Object.create(articles), {
    get: (id: string) => articles.get(id),
    nextSeq: () => articles.nextSeq(),
    renumber: (...args: Parameters<typeof articles.renumber>) => articles.renumber(...args),
    async advance(...args: Parameters<typeof articles.advance>) {
      const first = meanwhile;
      meanwhile = undefined;
      await first?.();
      return articles.advance(...args);
    },
  });
  const context = {
    log: createLogger('silent'),
    signal: new AbortController().signal,
    attempt: 1,
    lastAttempt: true,
    startedAt: clock.now,
    replay: false,
  };
  await publishArticle.run({ articleId: slow }, { ...deps, stores: { ...deps.stores, articles: held } }, context);
  clock.advance(10_000);
  await follow();
  expect(read).toEqual([quick, slow]);
});
