import { MongoClient } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { PermanentError } from '../../../src/shared/errors.ts';
import type { TraceLine } from '../../../src/shared/model.ts';
import { ArticleStore } from '../../../src/shared/stores/articles.ts';
import { Catalog } from '../../../src/shared/stores/catalog.ts';
import { explainStoreError } from '../../../src/shared/stores/mongo-errors.ts';
import { makeDiscovery } from '../../support/make.ts';
import { testDatabase, testMongoUri } from '../../support/servers.ts';
import { breakableWay } from '../../support/tcp-proxy.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const LATER = new Date('2026-03-01T10:05:00Z');
const line = (outcome: string, at = NOW): TraceLine => ({ stage: 'test', outcome, ms: 1, version: 1, at });

async function setup() {
  const { db } = await testDatabase('articles');
  const store = new ArticleStore(db);
  await store.createIndexes();
  return { store, catalog: new Catalog(db) };
}

describe('create', () => {
  test('ten processes see the same new entries – one article each', async () => {
    const { store, catalog } = await setup();
    const discoveries = Array.from({ length: 20 }, () => makeDiscovery());
    const made = await Promise.all(Array.from({ length: 10 }, () => store.create('feed', discoveries, NOW, LATER)));
    expect(made.flat()).toHaveLength(20);
    expect(await catalog.countByState()).toEqual([{ state: 'discovered', outcome: 'discovered', count: 20 }]);
  });

  test('an entry of a surge – remembered, but nothing waits for it', async () => {
    const { store } = await setup();
    const held = makeDiscovery({ held: true });
    expect(await store.create('feed', [held], NOW, LATER)).toEqual([]);
    expect(await store.find(held.urlKey)).toMatchObject({ state: 'ended', outcome: 'held' });
    expect(await store.overdue(LATER, 10)).toEqual([]);
  });

  test('the connection breaks while they are stored – an error to wait for, not articles that are not there', async () => {
    const { name, db } = await testDatabase('articles');
    const { hostname, port } = new URL(testMongoUri());
    const way = await breakableWay({ host: hostname, port: Number(port) });
    const client = new MongoClient(`mongodb://${hostname}:${way.port}/?directConnection=true`, { retryWrites: false });
    const store = new ArticleStore(client.db(name));
    const discovery = makeDiscovery();
    way.cutAt.push('insert');
    const failed = await store.create('feed', [discovery], NOW, LATER).catch((error: unknown) => error);
    expect(explainStoreError(failed)).toMatchObject({ code: 'STORE_DOWN' });
    expect(await new ArticleStore(db).find(discovery.urlKey)).toBeNull();
    await client.close();
  });

  test('known by URL or by entry key', async () => {
    const { store } = await setup();
    const [a, b] = [makeDiscovery(), makeDiscovery()];
    await store.create('feed', [a, b, makeDiscovery()], NOW, LATER);
    const known = await store.findKnown([a.urlKey], b.entryKeys);
    expect(known.map(({ urlKeys }) => urlKeys[0]).sort()).toEqual([a.urlKey, b.urlKey].sort());
  });
});

describe('advance', () => {
  test('twenty deliveries of one step – one of them moves the article', async () => {
    const { store } = await setup();
    const [id = ''] = await store.create('feed', [makeDiscovery()], NOW, LATER);
    const moved = await Promise.all(
      Array.from({ length: 20 }, () =>
        store.advance(id, 'discovered', 'fetched', { line: line('fetched'), dueBy: LATER }),
      ),
    );
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect((await store.get(id))?.trace).toHaveLength(1);
  });

  test('jobs lost on the way so far – are forgotten: each stage has its own count', async () => {
    const { store } = await setup();
    const [id = ''] = await store.create('feed', [makeDiscovery()], NOW, LATER);
    for (let i = 0; i < 4; i++) await store.postpone([id], LATER, { lost: true });
    await store.advance(id, 'discovered', 'fetched', { line: line('fetched'), dueBy: LATER });
    expect(await store.get(id)).toMatchObject({ state: 'fetched', reconciled: 0 });
  });

  test('the last step leaves nothing due', async () => {
    const { store } = await setup();
    const [id = ''] = await store.create('feed', [makeDiscovery()], NOW, LATER);
    await store.advance(id, 'discovered', 'ended', { line: line('gone') });
    const article = await store.get(id);
    expect(article).toMatchObject({ state: 'ended', outcome: 'gone' });
    expect(article?.dueBy).toBeUndefined();
  });
});

describe('addUrlKey', () => {
  test('a URL that is nobody’s – taken; one of another article – its owner', async () => {
    const { store } = await setup();
    const other = makeDiscovery();
    const [id = '', otherId = ''] = await store.create('feed', [makeDiscovery(), other], NOW, LATER);
    expect(await store.addUrlKey(id, 'https://news.example/free')).toBeUndefined();
    expect(await store.find('https://news.example/free')).toMatchObject({ _id: id });
    expect(await store.addUrlKey(id, other.urlKey)).toBe(otherId);
    expect((await store.get(id))?.urlKeys).not.toContain(other.urlKey);
  });
});

describe('advance', () => {
  test.each([
    ['more than a document may hold', 17_000_000],
    ['more than a message may, which ends the connection', 50_000_000],
  ])('%s – an error of the article, and no outage', async (_case, chars) => {
    const { store } = await setup();
    const [id = ''] = await store.create('feed', [makeDiscovery()], NOW, LATER);
    const moved = store.advance(id, 'discovered', 'fetched', {
      line: line('fetched'),
      set: { text: 'x'.repeat(chars) },
    });
    const explained = explainStoreError(await moved.catch((error: unknown) => error));
    expect(explained).toBeInstanceOf(PermanentError);
    expect(explained).toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
    expect(await store.get(id)).toMatchObject({ state: 'discovered' });
  });

  test('parts that are too large together only – the same', async () => {
    const { store } = await setup();
    const [id = ''] = await store.create('feed', [makeDiscovery()], NOW, LATER);
    const [html, text] = ['h'.repeat(9_000_000), 't'.repeat(9_000_000)];
    expect(await store.advance(id, 'discovered', 'fetched', { line: line('fetched'), set: { html } })).toBe(true);
    const moved = store.advance(id, 'fetched', 'extracted', { line: line('extracted'), set: { text } });
    expect(explainStoreError(await moved.catch((error: unknown) => error))).toMatchObject({
      code: 'DOCUMENT_TOO_LARGE',
    });
  });
});

describe('quarantine', () => {
  test('kept with its reason, and put back where it stood', async () => {
    const { store, catalog } = await setup();
    const [id = ''] = await store.create('feed', [makeDiscovery()], NOW, LATER);
    await store.advance(id, 'discovered', 'fetched', { line: line('fetched'), dueBy: LATER });
    await store.quarantine(id, { stage: 'extract-article', code: 'TOO_DEEP', message: 'nested too deeply' }, NOW);
    expect(await catalog.quarantined({ limit: 10 })).toEqual([
      expect.objectContaining({
        _id: id,
        quarantine: {
          stage: 'extract-article',
          code: 'TOO_DEEP',
          message: 'nested too deeply',
          at: NOW,
          from: 'fetched',
        },
      }),
    ]);
    expect(await catalog.countQuarantined()).toEqual([{ stage: 'extract-article', code: 'TOO_DEEP', count: 1 }]);
    expect(await store.release(id, NOW, NOW)).toBe('fetched');
    expect(await store.release(id, NOW, NOW)).toBeUndefined();
    expect(await store.overdue(NOW, 10)).toEqual([expect.objectContaining({ _id: id, state: 'fetched' })]);
  });

  test('all with one code, or all – each put back where it stood', async () => {
    const { store } = await setup();
    const ids = await store.create('feed', [makeDiscovery(), makeDiscovery(), makeDiscovery()], NOW, LATER);
    const [a = '', b = '', c = ''] = ids;
    await store.advance(b, 'discovered', 'fetched', { line: line('fetched'), dueBy: LATER });
    for (const id of ids) {
      const code = id === c ? 'HTTP_CLIENT_ERROR' : 'TIMEOUT';
      await store.quarantine(id, { stage: 'fetch-article', code, message: '' }, NOW);
    }
    expect([...(await store.releaseAll('TIMEOUT', NOW, NOW))]).toEqual([
      ['discovered', 1],
      ['fetched', 1],
    ]);
    expect(await store.get(a)).toMatchObject({ state: 'discovered', outcome: 'released', dueBy: NOW });
    expect(await store.get(b)).toMatchObject({ state: 'fetched' });
    expect(await store.get(b)).not.toHaveProperty('quarantine');
    expect(await store.get(c)).toMatchObject({ state: 'quarantined' });
    expect([...(await store.releaseAll(undefined, NOW, NOW))]).toEqual([['discovered', 1]]);
    expect(await store.releaseAll(undefined, NOW, NOW)).toEqual(new Map());
  });

  test('a finished article stays finished', async () => {
    const { store } = await setup();
    const [id = ''] = await store.create('feed', [makeDiscovery()], NOW, LATER);
    await store.advance(id, 'discovered', 'ended', { line: line('gone') });
    await store.quarantine(id, { stage: 'fetch-article', code: 'LATE', message: '' }, NOW);
    expect(await store.get(id)).toMatchObject({ state: 'ended' });
  });
});
