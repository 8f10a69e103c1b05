import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Newsstand, startNewsstand } from '../../src/newsstand/index.ts';
import { khabar } from '../support/khabar.ts';
import { uniqueName } from '../support/servers.ts';
import { testEnvironment } from '../support/service.ts';

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
    const withLost = stand.opml().replace('<body>', '<body>\n<outline text="x" xmlUrl="ftp://x.example/feed"/>');
    const again = await khabar(['feeds', 'import', '-'], { env, input: withLost });
    expect(again.out).toMatch(/^0 feeds added, \d+ subscribed already/);
    expect(again.err).toContain('the list, line 5: "ftp://x.example/feed" is not an http(s) URL; left out\n');
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
  }, 300_000);

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
  }, 300_000);
});
