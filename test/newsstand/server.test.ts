import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { getElementsByTagName, textContent } from 'domutils';
import { parseDocument } from 'htmlparser2';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Newsstand, type NewsstandOutlet, startNewsstand } from '../../src/newsstand/index.ts';

const now = new Date('2026-03-18T12:00:00Z');
let newsstand: Newsstand;
beforeAll(async () => {
  newsstand = await startNewsstand({ articles: 60, now });
});
afterAll(() => newsstand.close());

function outlet(id: string): NewsstandOutlet {
  const found = newsstand.outlets.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no outlet ${id}`);
  return found;
}

async function bytesOf(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

/** Addresses and titles of a feed's entries, read from its bytes as its own declaration says. */
async function readEntries({ feedUrl, format, encoding }: NewsstandOutlet) {
  const text = iconv.decode(await bytesOf(feedUrl), encoding);
  if (format === 'json') {
    const { items } = JSON.parse(text) as { items: { url: string; title: string }[] };
    return items.map(({ url, title }) => ({ url, title }));
  }
  expect(text).toContain(`encoding="${encoding}"`);
  const entries = getElementsByTagName(
    format === 'atom' ? 'entry' : 'item',
    parseDocument(text, { xmlMode: true }).children,
  );
  return entries.map((entry) => {
    const [link] = getElementsByTagName('link', entry.children);
    const [title] = getElementsByTagName('title', entry.children);
    return { url: (link?.attribs.href ?? textContent(link ?? [])) || '', title: textContent(title ?? []) };
  });
}

test('newsstand – every feed lists its articles with the addresses and titles of the truth', async () => {
  for (const site of newsstand.outlets) {
    const told = newsstand.articles.filter(({ outletId }) => outletId === site.id);
    expect(told.length, site.id).toBeGreaterThan(0);
    expect(await readEntries(site), site.id).toEqual(told.map(({ url, title }) => ({ url, title })));
  }
});

test('newsstand – every article is served at the address its feed links, with all of its text', async () => {
  const encodings = new Map(newsstand.outlets.map(({ id, encoding }) => [id, encoding]));
  for (const article of newsstand.articles) {
    const pages = await Promise.all([article.url, ...article.furtherUrls].map(bytesOf));
    const html = pages.map((bytes) => iconv.decode(bytes, encodings.get(article.outletId) ?? ''));
    const shown = html.map((page) => textContent(parseDocument(page))).join('\n');
    for (const paragraph of [article.title, ...article.text.split('\n')]) {
      expect(shown, `${article.id}: ${paragraph}`).toContain(paragraph);
    }
    expect(newsstand.hits(article.url)).toBe(1);
  }
});

test('newsstand – an article of three pages, and one whose page shows only its beginning', async () => {
  const spread = newsstand.articles.filter(({ furtherUrls }) => furtherUrls.length > 0);
  expect(spread.map(({ furtherUrls }) => furtherUrls.length).sort()).toEqual([1, 2]);
  for (const { url, furtherUrls, text } of spread) {
    const last = text.split('\n').at(-1) ?? '';
    expect((await bytesOf(url)).toString()).not.toContain(last);
    expect((await bytesOf(furtherUrls.at(-1) ?? '')).toString()).toContain(last);
    expect((await fetch(furtherUrls.at(-1)?.replace(/3$|amp$/, '9') ?? '')).status).toBe(404);
  }
});

test('newsstand – all four formats, ten languages and five Arabic outlets', () => {
  const of = (key: 'format' | 'language') => new Set(newsstand.outlets.map((site) => site[key]));
  expect(of('format')).toEqual(new Set(['rss', 'atom', 'rdf', 'json']));
  expect(of('language').size).toBe(10);
  expect(newsstand.outlets.filter(({ language }) => language === 'ar').length).toBeGreaterThanOrEqual(5);
});

test.each([
  ['sada', 'windows-1256'],
  ['rives', 'windows-1252'],
  ['vestnik', 'windows-1251'],
  ['jiangan', 'gb18030'],
])('newsstand – outlet %s is written in %s', async (id, encoding) => {
  const site = outlet(id);
  const article = newsstand.articles.find(({ outletId }) => outletId === id);
  for (const url of [site.feedUrl, site.siteUrl, article?.url ?? '']) {
    const bytes = await bytesOf(url);
    expect(iconv.decode(bytes, encoding)).toContain(article?.title);
    expect(bytes.toString('utf8')).not.toContain(article?.title);
  }
});

test('newsstand – pages of right-to-left languages say so', async () => {
  for (const { siteUrl, language, encoding } of newsstand.outlets) {
    const html = iconv.decode(await bytesOf(siteUrl), encoding);
    expect(html).toContain(['ar', 'fa', 'ur'].includes(language) ? 'dir="rtl"' : 'dir="ltr"');
  }
});

test('newsstand – conditional GET is answered 304, by entity tag and by date', async () => {
  const { feedUrl } = outlet('ofoq');
  const before = newsstand.stats().notModified;
  const first = await fetch(feedUrl);
  await first.arrayBuffer();
  const etag = first.headers.get('etag') ?? '';
  const modified = first.headers.get('last-modified') ?? '';
  const ask = async (headers: Record<string, string>) => {
    // undici's fetch would add cache headers of its own and turn a conditional request into a reload.
    return await new Promise<number | undefined>((resolve, reject) => {
      get(feedUrl, { headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      }).on('error', reject);
    });
  };
  expect(await ask({ 'if-none-match': etag })).toBe(304);
  expect(await ask({ 'if-none-match': `W/${etag}` })).toBe(304);
  expect(await ask({ 'if-modified-since': modified })).toBe(304);
  expect(await ask({ 'if-none-match': '"other"', 'if-modified-since': modified })).toBe(200);
  expect(await ask({ 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' })).toBe(200);
  expect(newsstand.stats().notModified).toBe(before + 3);
});

test('newsstand – gzip only when asked for', async () => {
  const { feedUrl } = outlet('ofoq');
  const ask = (encoding: string) =>
    new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
      get(feedUrl, { headers: { 'accept-encoding': encoding } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
        );
      }).on('error', reject);
    });
  const plain = await ask('identity');
  const zipped = await ask('gzip, br');
  expect([plain.encoding, zipped.encoding]).toEqual([undefined, 'gzip']);
  expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
});

test('newsstand – a page not carried is 404, a method not offered 405', async () => {
  const { siteUrl } = outlet('mina');
  expect((await fetch(new URL('/no-such-page', siteUrl))).status).toBe(404);
  expect((await fetch(new URL('/news/1', siteUrl))).status).toBe(404);
  expect((await fetch(siteUrl, { method: 'POST' })).status).toBe(405);
});

test('newsstand – home page and OPML name every feed, the truth is one line per article', async () => {
  const home = await (await fetch(newsstand.url)).text();
  const opml = await (await fetch(new URL('feeds.opml', newsstand.url))).text();
  expect(opml).toBe(newsstand.opml());
  for (const { feedUrl, name } of newsstand.outlets) {
    expect(home).toContain(feedUrl);
    expect(opml).toContain(`xmlUrl="${feedUrl}"`);
    expect(opml).toContain(name);
  }
  const lines = (await (await fetch(new URL('truth.jsonl', newsstand.url))).text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(newsstand.articles.map((article) => ({ ...article })));
});

test('newsstand – a folder of saved pages becomes an outlet, bytes untouched', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'newsstand-'));
  const utf8 = Buffer.from(
    '<html><head><title>Quay &amp; crane\n reopen</title></head><body><p>One.</p></body></html>',
  );
  const arabic = iconv.encode(
    '<html><head><meta charset="windows-1256"><title>أخبار الميناء</title></head><body>نص</body></html>',
    'windows-1256',
  );
  writeFileSync(join(folder, 'plain page.html'), utf8);
  writeFileSync(join(folder, 'arabic.html.gz'), gzipSync(arabic));
  writeFileSync(join(folder, 'untitled.html'), '<p>No title</p>');
  writeFileSync(join(folder, 'notes.txt'), 'not a page');
  const stand = await startNewsstand({ pagesDir: folder });
  try {
    const site = stand.outlets.find(({ id }) => id === 'pages') as NewsstandOutlet;
    const entries = await readEntries(site);
    const byTitle = (list: { title: string; url: string }[]) => list.map(({ title, url }) => `${title} ${url}`).sort();
    expect(byTitle(entries)).toEqual(byTitle(stand.pages));
    expect(stand.pages.map(({ title }) => title).sort()).toEqual(['Quay & crane reopen', 'untitled', 'أخبار الميناء']);
    for (const [file, bytes] of [
      ['plain page.html', utf8],
      ['arabic.html.gz', arabic],
    ] as const) {
      const response = await fetch(stand.pages.find((page) => page.file === file)?.url ?? '');
      expect(response.headers.get('content-type')).toBe('text/html');
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    }
  } finally {
    await stand.close();
    rmSync(folder, { recursive: true });
  }
});
