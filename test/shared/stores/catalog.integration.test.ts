import { describe, expect, test } from 'vitest';
import type { TraceLine } from '../../../src/shared/model.ts';
import { ArticleStore } from '../../../src/shared/stores/articles.ts';
import { Catalog } from '../../../src/shared/stores/catalog.ts';
import { makeDiscovery } from '../../support/make.ts';
import { testDatabase } from '../../support/servers.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const LATER = new Date('2026-03-01T10:05:00Z');
const line = (outcome: string, at = NOW): TraceLine => ({ stage: 'test', outcome, ms: 1, version: 1, at });

async function setup() {
  const { db } = await testDatabase('catalog');
  const store = new ArticleStore(db);
  const catalog = new Catalog(db);
  await catalog.createIndexes();
  return { store, catalog };
}

describe('list', () => {
  async function published(store: ArticleStore, count: number): Promise<string[]> {
    const ids = await store.create(
      'feed',
      Array.from({ length: count }, () => makeDiscovery()),
      NOW,
      LATER,
    );
    for (const [i, id] of ids.entries()) {
      const at = new Date(NOW.getTime() + i * 1000);
      await store.advance(id, 'discovered', 'published', {
        line: line('published', at),
        set: { seq: await store.nextSeq(), storedAt: at, lang: i % 2 ? 'ar' : 'en' },
      });
    }
    return ids;
  }

  test('forward from a cursor – every article once, in the order of publication', async () => {
    const { store, catalog } = await setup();
    const ids = await published(store, 7);
    const seen: string[] = [];
    for (let since = 0; ; ) {
      const { articles, cursor } = await catalog.list({ since, limit: 3 }, LATER);
      seen.push(...articles.map(({ _id }) => _id));
      if (cursor === undefined) break;
      since = Number(cursor);
    }
    expect(seen).toEqual(ids);
  });

  test('forward – what was published this very moment waits, since an earlier number may still be on its way', async () => {
    const { store, catalog } = await setup();
    const ids = await published(store, 3);
    const { articles } = await catalog.list({ since: 0, limit: 10 }, new Date(NOW.getTime() + 2500));
    expect(articles.map(({ _id }) => _id)).toEqual([ids[0]]);
  });

  test('newest first, page by page, of one language', async () => {
    const { store, catalog } = await setup();
    const ids = await published(store, 9);
    const seen: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = await catalog.list({ lang: 'en', before, limit: 2 }, LATER);
      seen.push(...page.articles.map(({ _id }) => _id));
      before = page.cursor;
      if (before === undefined) break;
    }
    expect(seen).toEqual(ids.filter((_, i) => i % 2 === 0).reverse());
  });

  test('a cursor that is none – refused with a code', async () => {
    const { catalog } = await setup();
    await expect(catalog.list({ before: 'yesterday', limit: 2 }, LATER)).rejects.toMatchObject({ code: 'BAD_QUERY' });
  });
});
