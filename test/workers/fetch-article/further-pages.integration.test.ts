import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Article, FurtherPage } from '../../../src/shared/model.ts';
import { makeDiscovery } from '../../support/make.ts';
import { type MisbehavingSite, startMisbehavingSite } from '../../support/misbehaving-site.ts';
import { type Bench, stageBench } from '../../support/stages.ts';
import { LEAD, PARTS as PAGES, TITLE } from '../../support/water-story.ts';

const PARTS = PAGES.flat().slice(0, 3);

let site: MisbehavingSite;
let bench: Bench;
beforeAll(async () => {
  site = await startMisbehavingSite();
  bench = await stageBench();
});
afterAll(() => site.close());

const asked = (path: string) => site.seen.filter((request) => request.path === path).length;

function serve(path: string, part: number, pages: string[] = []): void {
  const links = pages.map((page, n) => `<a href="${page}">${n + 2}</a>`).join(' ');
  const html = `<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>${TITLE}</title></head><body><article><h1>${TITLE}</h1><p>${LEAD}</p><p>${PARTS[part]}</p></article>${links}</body></html>`;
  site.route(path, (_request, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(html));
}

async function discover(path: string, furtherPages?: FurtherPage[]): Promise<string> {
  const { articles } = bench.deps.stores;
  const url = site.origin + path;
  const entry = { title: TITLE, authors: [], categories: [] };
  const [id = ''] = await articles.create(
    'feed',
    [makeDiscovery({ url, urlKey: url, entry })],
    bench.clock.now,
    bench.clock.now,
  );
  const line = { stage: 'test', outcome: 'discovered', ms: 0, version: 1, at: bench.clock.now };
  if (furtherPages) await articles.advance(id, 'discovered', 'discovered', { line, set: { furtherPages } });
  return id;
}
const get = async (articleId: string): Promise<Article> => {
  const article = await bench.deps.stores.articles.get(articleId);
  if (!article) throw new Error(`no article ${articleId}`);
  return article;
};

test('further pages – what can be had is joined, what cannot ends nothing, and a replay reads what is stored', async () => {
  const path = '/2026/05/30/water';
  serve(
    path,
    0,
    [2, 3, 4, 5].map((page) => `${path}/${page}`),
  );
  serve(`${path}/2`, 1);
  site.route(`${path}/3`, (_request, response) => response.writeHead(410).end());
  site.route(`${path}/4`, (_request, response) => response.writeHead(302, { location: path }).end());
  serve(`${path}/5`, 2);
  const articleId = await discover(path);
  const outcomes = await bench.runOn('fetch-article', { articleId });
  expect(outcomes.slice(0, 4)).toEqual([
    'fetch-article fetched',
    'extract-article more-pages',
    'fetch-article fetched',
    'extract-article extracted',
  ]);
  const article = await get(articleId);
  expect(article.furtherPages?.map(({ outcome }) => outcome)).toEqual(['fetched', 'gone', 'elsewhere', 'fetched']);
  expect(article.text?.split(/\n+/)).toEqual([LEAD, ...PARTS]);

  const requests = site.seen.length;
  await bench.deps.stores.articles.replay([articleId], 'extract-article', bench.clock.now, bench.clock.now);
  expect(await bench.runOn('extract-article', { articleId })).toContain('extract-article extracted');
  expect((await get(articleId)).text?.split(/\n+/)).toEqual([LEAD, ...PARTS]);
  expect(site.seen).toHaveLength(requests);
});

test('further pages – a job delivered again asks only for what is not kept yet', async () => {
  serve('/again/2', 1);
  serve('/again/3', 2);
  const [second, third] = [2, 3].map((page) => `${site.origin}/again/${page}`) as [string, string];
  const articleId = await discover('/again', [
    { kind: 'next', url: second },
    { kind: 'next', url: third },
  ]);
  bench.clock.advance(1000);
  const page = { url: second, body: Buffer.from('kept'), fetchedAt: bench.clock.now };
  await bench.deps.stores.pages.put(articleId, page, 1, second);
  expect(await bench.run('fetch-article', { articleId })).toMatchObject({ outcome: 'fetched', facts: { further: 2 } });
  expect([asked('/again/2'), asked('/again/3'), asked('/again')]).toEqual([0, 1, 0]);
});

test('further pages – not waited for longer than an hour', async () => {
  site.route('/busy/2', (_request, response) => response.writeHead(429, { 'retry-after': '1' }).end());
  const articleId = await discover('/busy', [{ kind: 'next', url: `${site.origin}/busy/2` }]);
  await expect(bench.run('fetch-article', { articleId })).rejects.toMatchObject({ code: 'HTTP_429' });
  expect((await get(articleId)).state).toBe('discovered');
  bench.clock.advance(2 * 3_600_000);
  await expect
    .poll(async () => (await bench.run('fetch-article', { articleId }).catch(({ code }) => code))?.outcome, {
      timeout: 10_000,
    })
    .toBe('fetched');
  const [page] = (await get(articleId)).furtherPages ?? [];
  expect(page?.outcome).toMatch(/^(HTTP_429|HOST_BUSY)$/);
});
