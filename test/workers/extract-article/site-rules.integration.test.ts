import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildCatalogue } from '../../../src/newsstand/catalogue.ts';
import { makeDiscovery } from '../../support/make.ts';
import { startMisbehavingSite } from '../../support/misbehaving-site.ts';
import { stageBench } from '../../support/stages.ts';

const site = await startMisbehavingSite();
const folder = mkdtempSync(join(tmpdir(), 'site-rules-'));
const host = new URL(site.origin).host;
writeFileSync(join(folder, 'site.json'), JSON.stringify({ host, body: ['.story-text'], remove: ['.poll'] }));
const bench = await stageBench({ KHABAR_SITE_RULES: folder });
bench.clock.now = new Date(); // the database forgets sites by its own clock
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

const stories = (buildCatalogue({ seed: 9, count: 60, now: bench.clock.now }).items.get('ofoq') ?? []).slice(0, 8);

/** Runs a page with the story's text in an element of this class through fetching and extraction. */
async function read(n: number, className: string): Promise<string> {
  const { title, body } = (stories[n % stories.length] as (typeof stories)[number]).content();
  const path = `/2026/05/30/story-${4000 + n}`;
  const html = `<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><div class="${className}">${body.map(({ text }) => `<p>${text}</p>`).join('')}<p class="poll">هل توافق على القرار الأخير للبلدية بشأن مواعيد السوق؟ صوّت قبل نهاية الأسبوع.</p></div></body></html>`;
  site.route(path, (_request, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(html));
  const url = site.origin + path;
  const [articleId = ''] = await bench.deps.stores.articles.create(
    'feed',
    [makeDiscovery({ url, urlKey: url })],
    bench.clock.now,
    bench.clock.now,
  );
  await bench.run('fetch-article', { articleId });
  await bench.run('extract-article', { articleId });
  return articleId;
}

test('a rule file – read by the stage, noted on the article, and flagged once its site has outgrown it', async () => {
  const { articles, sites } = bench.deps.stores;
  const first = await articles.get(await read(0, 'story-text'));
  expect(first?.extract?.method).toBe('site-rule');
  expect(first?.text).not.toContain('صوّت');
  const { method = '', score = 0 } = first?.extract ?? {};
  for (let n = 1; n < 20; n++) await sites.learn(host, { method, score }, bench.clock.now);
  expect(await sites.drifting(10)).toEqual([]);
  for (let n = 20; n < 30; n++) await read(n, 'new-layout');
  const [flagged] = await sites.drifting(10);
  expect(flagged).toMatchObject({ _id: host, method: 'blocks' });
  expect(flagged?.drift?.past).toBeGreaterThan(0.9);
  expect(flagged?.drift?.recent).toBeLessThan(0.6);
});
