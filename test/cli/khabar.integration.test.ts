import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Newsstand, startNewsstand } from '../../src/newsstand/index.ts';
import { uniqueName } from '../support/servers.ts';
import { testEnvironment } from '../support/service.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Runs `khabar` as a person would, on the servers of this test run. */
async function khabar(args: string[], { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { out, err, code };
}

describe('help and mistakes', () => {
  test('--help – every command, and where to start', async () => {
    const { out, code } = await khabar(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'start',
      'run',
      'demo',
      'feeds',
      'explain',
      'quarantine',
      'replay',
      'newsstand',
      'parse-feed',
      'extract',
      'analyze',
      'canonicalize',
    ])
      expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(out).toContain('khabar run --once');
  });

  test.each([
    [['feeds', 'lst'], /unknown command 'lst'[\s\S]*Did you mean list/],
    [['start', '--rolls', 'dedupe'], /unknown option '--rolls'[\s\S]*Did you mean --roles/],
    [['run'], /--once/],
    [['newsstand', '--port', 'http'], /whole number/],
    [['extract', '-'], /required option '--url/],
    [['canonicalize', 'ftp://x'], /not an http or https URL/],
    [['parse-feed', '/no/such/file'], /cannot read \/no\/such\/file/],
  ])('%j – exit 1 with what is wrong and no stack', async (args, message) => {
    const { err, code } = await khabar(args);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('a bad environment – all problems at once', async () => {
    const { err, code } = await khabar(['start'], {
      env: { KHABAR_PORT: 'x', KHABAR_THREADS: '0', KHABAR_HOST: '0.0.0.0' },
    });
    expect(code).toBe(1);
    expect(err).toMatch(/KHABAR_PORT:/);
    expect(err).toMatch(/KHABAR_THREADS:/);
  });

  test('open to a network without a token – refused', async () => {
    const { err, code } = await khabar(['start'], { env: { ...testEnvironment(), KHABAR_HOST: '0.0.0.0' } });
    expect(code).toBe(1);
    expect(err).toMatch(/KHABAR_TOKEN: is required/);
  });
});

describe('files', () => {
  test('parse-feed - reads standard input', async () => {
    const input =
      '<rss version="2.0"><channel><title>أخبار</title><item><title>خبر</title><link>/1</link></item></channel></rss>';
    const { out, code } = await khabar(['parse-feed', '-', '--url', 'https://news.example/feed'], { input });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'rss',
      title: 'أخبار',
      entries: [{ title: 'خبر', link: 'https://news.example/1' }],
    });
  });

  test('parse-feed of a page – the code of the error', async () => {
    const { err, code } = await khabar(['parse-feed', '-'], { input: '<!doctype html><p>hello' });
    expect(code).toBe(1);
    expect(err).toMatch(/^NOT_A_FEED: /);
  });

  test('extract, analyze and canonicalize print what the library gives', async () => {
    const paragraph =
      'قال وزير الطاقة في العاصمة عمّان إن المحطة الجديدة ستعمل قبل نهاية العام الجاري بعد أعمال استمرت ثلاث سنوات كاملة.';
    const html = `<html lang="ar" dir="rtl"><title>محطة جديدة</title><article><h1>محطة جديدة</h1>${`<p>${paragraph}</p>`.repeat(4)}</article>`;
    const [page, analysis, url] = await Promise.all([
      khabar(['extract', '-', '--url', 'https://news.example/1'], { input: html }),
      khabar(['analyze', '-', '--language', 'ar'], { input: 'عمّان، الأردن (وكالات) -- افتتحت الحكومة المحطة.' }),
      khabar(['canonicalize', 'http://m.news.example/a?utm_source=x&b=1']),
    ]);
    expect(JSON.parse(page.out)).toMatchObject({ title: 'محطة جديدة', direction: 'rtl' });
    expect(JSON.parse(analysis.out)).toMatchObject({ language: 'ar', direction: 'rtl', entities: expect.any(Array) });
    expect(url.out).toBe('https://news.example/a?b=1\n');
  });
});

describe('feeds and a run', () => {
  const env = testEnvironment(uniqueName('cli'));
  let stand: Newsstand;
  let folder: string;
  beforeAll(async () => {
    stand = await startNewsstand();
    folder = await mkdtemp(path.join(tmpdir(), 'khabar-cli-'));
  });
  afterAll(async () => {
    await stand.close();
    await rm(folder, { recursive: true });
  });

  test('import, list, pause, export, remove', async () => {
    const file = path.join(folder, 'feeds.opml');
    await writeFile(file, stand.opml());
    expect((await khabar(['feeds', 'import', file], { env })).out).toBe(`${stand.outlets.length} feeds added\n`);
    expect((await khabar(['feeds', 'import', '-'], { env, input: stand.opml() })).out).toMatch(
      /^0 feeds added, \d+ subscribed already/,
    );
    const url = stand.outlets[0]?.feedUrl ?? '';
    expect((await khabar(['feeds', 'pause', url], { env })).out).toContain(`paused ${url}`);
    const listed = (await khabar(['feeds', 'list', '--json'], { env })).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(listed.find((feed) => feed.url === url)).toMatchObject({ status: 'paused' });
    expect((await khabar(['feeds', 'poll-now', url], { env })).err).toMatch(/is paused: khabar feeds resume/);
    await khabar(['feeds', 'resume', url], { env });
    const opml = (await khabar(['feeds', 'export'], { env })).out;
    for (const { feedUrl } of stand.outlets) expect(opml).toContain(`xmlUrl="${feedUrl}"`);
    await khabar(['feeds', 'remove', ...stand.outlets.slice(2).map(({ feedUrl }) => feedUrl)], { env });
    expect((await khabar(['feeds', 'list'], { env })).out.match(/entries$/gm)).toHaveLength(2);
  }, 170_000);

  test('run --once --json – one line that adds up, and explain tells each step', async () => {
    const { out, code } = await khabar(['run', '--once', '--json'], { env });
    expect(code).toBe(0);
    const summary = JSON.parse(out);
    expect(summary).toMatchObject({ feeds: { polled: 2, failed: [] }, articles: { unfinished: 0, quarantined: {} } });
    expect(summary.articles.published + summary.articles.duplicates).toBe(summary.articles.total);
    const [first] = stand.articles.filter(({ outletId }) => outletId === stand.outlets[0]?.id);
    const told = (await khabar(['explain', first?.url ?? ''], { env })).out;
    for (const step of ['fetch-article → fetched', 'extract-article → extracted', 'dedupe → '])
      expect(told).toContain(step);
    const missing = (await khabar(['explain', 'https://elsewhere.example/story'], { env })).out;
    expect(missing).toMatch(/no article is known as https:\/\/elsewhere.example\/story[\s\S]*None of the 2 feeds/);
    expect((await khabar(['quarantine', 'list'], { env })).out).toBe('the quarantine is empty\n');
  }, 170_000);
});
