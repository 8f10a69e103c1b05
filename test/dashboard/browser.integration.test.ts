import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dashboard, startDashboard } from '../../src/dashboard/index.ts';
import { type Newsstand, startNewsstand } from '../../src/newsstand/index.ts';
import type { Service } from '../../src/service.ts';
import { runLine, testService } from '../support/service.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(!existsSync(CHROMIUM))('the dashboard in a browser (needs Debian’s chromium)', () => {
  let browser: Browser;
  let dashboard: Dashboard;
  let service: Service;
  let stand: Newsstand;
  let page: Page;
  const problems: string[] = [];
  beforeAll(async () => {
    stand = await startNewsstand();
    service = await testService();
    dashboard = await startDashboard(service);
    const arabic = stand.outlets.filter(({ language }) => language === 'ar').slice(0, 2);
    await runLine(
      service,
      arabic.map(({ feedUrl }) => feedUrl),
    );
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    // The queues console is another project's page, and what our policy keeps it from loading is reported there.
    page.on('console', (message) => {
      if (message.type() === 'error' && !page.url().includes('/queues')) problems.push(message.text());
    });
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await dashboard?.close();
    await stand?.close();
  });

  test('the overview shows the line and Arabic titles from right to left', async () => {
    await page.goto(dashboard.url);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Overview');
    expect(await page.locator('#stages tbody tr').count()).toBe(6);
    expect(await page.evaluate('getComputedStyle(document.querySelector("#newest .title bdi")).direction')).toBe('rtl');
  });

  test('it refreshes by itself', async () => {
    await page.goto(dashboard.url);
    const [feed] = await service.stores.feeds.list();
    await service.stores.feeds.settle(feed?._id ?? '', {
      lastError: { code: 'HTTP_500', message: 'broken', at: new Date() },
    });
    await page.locator('#failing').getByText('HTTP_500').waitFor();
    expect(await page.locator('[data-live-status]').textContent()).toBe('Live');
  });

  test('the keyboard reaches the content and every link', async () => {
    await page.goto(dashboard.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  test('an article opens from the list', async () => {
    await page.goto(dashboard.url);
    await page.locator('#newest .title').first().click();
    await page.locator('article.reader').waitFor();
    expect(await page.locator('article.reader').getAttribute('dir')).toBe('rtl');
    expect(await page.locator('.trace li').count()).toBeGreaterThan(3);
  });

  test('a search finds Arabic words in another form, by keyboard alone', async () => {
    await page.goto(`${dashboard.url}/articles`);
    const { articles } = await service.stores.catalog.list({ state: 'published', limit: 50 }, new Date());
    const definite = /(?<!\p{L})ال\p{L}{4,}/u;
    const article = articles.find(({ title = '' }) => definite.test(title));
    const word = definite.exec(article?.title ?? '')?.[0];
    await page.getByLabel('Search').focus();
    await page.keyboard.type(`و${word}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=/);
    expect(await page.locator(`.list a[href="/articles/${article?._id}"]`).count()).toBe(1);
    expect(await page.getByLabel('Search').inputValue()).toBe(`و${word}`);
  });

  test('a name marked in an article leads to its page, and back to the article', async () => {
    const [busiest] = await service.stores.catalog.topEntities({ since: new Date(0), limit: 1 });
    const { articles } = await service.stores.catalog.list({ entity: busiest?.id, limit: 1 }, new Date());
    await page.goto(`${dashboard.url}/articles/${articles[0]?._id}`);
    const mark = page.locator('.text a.entity').first();
    const id = decodeURIComponent((await mark.getAttribute('href'))?.split('/').at(-1) ?? '');
    expect(await page.evaluate('getComputedStyle(document.querySelector(".text a.entity")).direction')).toBe('rtl');
    await mark.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/entities/);
    const known = await service.stores.entities.get(id, await service.stores.decisions.rules());
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(known?.name);
    expect(await page.locator('.chart svg rect').count()).toBe(30);
    expect(await page.locator(`.list a[href="/articles/${articles[0]?._id}"]`).count()).toBe(1);
  });

  test('nothing overflows on a phone, in the dark', async () => {
    const phone = await browser.newPage({ viewport: { width: 375, height: 740 }, colorScheme: 'dark' });
    const [busiest] = await service.stores.catalog.topEntities({ since: new Date(0), limit: 1 });
    const { articles } = await service.stores.catalog.list({ entity: busiest?.id, limit: 1 }, new Date());
    const [story] = await service.stores.stories.list({ order: 'size', skip: 0, limit: 1 });
    const one = [
      `/articles/${articles[0]?._id}`,
      `/entities/${encodeURIComponent(busiest?.id ?? '')}`,
      `/stories/${story?.id}`,
    ];
    for (const path of ['/', '/feeds', '/articles', '/stories', '/entities', '/quarantine', ...one]) {
      await phone.goto(dashboard.url + path);
      const overflow = await phone.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
    await phone.close();
  });

  test('a feed is paused and resumed with the keyboard alone', async () => {
    await page.goto(`${dashboard.url}/feeds`);
    const [feed] = await service.stores.feeds.list();
    const row = page.locator(`#feed-${feed?._id}`);
    await row.getByRole('button', { name: /^Pause/ }).press('Enter');
    await row.getByText('paused', { exact: true }).waitFor();
    await row.getByRole('button', { name: /^Resume/ }).press('Enter');
    await row.getByRole('button', { name: /^Pause/ }).waitFor();
    expect(await service.stores.feeds.get(feed?._id ?? '')).toMatchObject({ status: 'active' });
  });

  test('the queues console shows every stage', async () => {
    await page.goto(`${dashboard.url}/queues`);
    await page.getByText('extract-entities').first().waitFor();
  });

  test('no script failed', () => {
    expect(problems).toEqual([]);
  });
});
