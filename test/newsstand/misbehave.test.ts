import { get, type IncomingHttpHeaders } from 'node:http';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Newsstand, startNewsstand } from '../../src/newsstand/index.ts';

let newsstand: Newsstand;
beforeAll(async () => {
  newsstand = await startNewsstand({ misbehave: true });
});
afterAll(() => newsstand.close());

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** One request, redirects not followed. */
function ask(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on('error', reject);
    }).on('error', reject);
  });
}

function article(name: string): string {
  return newsstand.misbehaving?.articles.find((one) => one.name === name)?.url ?? '';
}

function feed(name: string): string {
  return newsstand.misbehaving?.feeds.find((one) => one.name === name)?.url ?? '';
}

const both = (name: string) => [article(name), feed(name)];

test('newsstand – misbehaves only when asked to', async () => {
  const calm = await startNewsstand();
  expect(calm.misbehaving).toBeUndefined();
  expect(calm.opml()).not.toContain('Mercury');
  await calm.close();
});

test('misbehaving – the main feed lists every case, the OPML every feed', async () => {
  const listing = (await ask(newsstand.misbehaving?.feedUrl ?? '')).body.toString();
  for (const { url } of newsstand.misbehaving?.articles ?? []) expect(listing).toContain(`<link>${url}</link>`);
  for (const { url } of newsstand.misbehaving?.feeds ?? []) expect(newsstand.opml()).toContain(url);
});

test.each([
  ['moved', 301],
  ['found', 302],
])('misbehaving – %s answers %i to an address that works', async (name, status) => {
  for (const url of both(name)) {
    const first = await ask(url);
    expect(first.status).toBe(status);
    expect((await ask(new URL(first.headers.location ?? '', url).href)).status).toBe(200);
  }
});

test.each([
  ['gone', 410],
  ['missing', 404],
])('misbehaving – %s answers %i', async (name, status) => {
  for (const url of both(name)) expect((await ask(url)).status).toBe(status);
});

test('misbehaving – throttled answers 429 with Retry-After twice, then the document', async () => {
  for (const url of both('throttled')) {
    const answers = [await ask(url), await ask(url), await ask(url)];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(answers.map(({ headers }) => headers['retry-after'])).toEqual(['1', '1', undefined]);
    expect(newsstand.hits(url)).toBe(3);
  }
});

test('misbehaving – flaky answers 500, then the document', async () => {
  for (const url of both('flaky')) {
    expect([(await ask(url)).status, (await ask(url)).status]).toEqual([500, 200]);
  }
});

test('misbehaving – stalled sends a part and stays open until the client leaves', async () => {
  for (const url of both('stalled')) {
    const outcome = await new Promise<string>((resolve, reject) => {
      const request = get(url, (response) => {
        response.once('data', () => {
          response.on('end', () => resolve('ended'));
          response.on('error', () => resolve('left'));
          // An article of the same site is answered meanwhile, so the stalled one had its chance to end.
          ask(article('plain')).then(() => request.destroy(), reject);
        });
      });
      request.on('error', () => resolve('left'));
    });
    expect(outcome).toBe('left');
  }
});

test('misbehaving – endless sends for as long as it is read', async () => {
  for (const url of both('endless')) {
    const received = await new Promise<number>((resolve, reject) => {
      let bytes = 0;
      const request = get(url, (response) => {
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > 8 * 1024 * 1024) {
            resolve(bytes);
            request.destroy();
          }
        });
        response.on('end', () => reject(new Error('it ended')));
        response.on('error', () => undefined);
      });
      request.on('error', reject);
    });
    expect(received).toBeGreaterThan(8 * 1024 * 1024);
  }
});

test('misbehaving – loop leads back to itself', async () => {
  for (const url of both('loop')) {
    const there = new URL((await ask(url)).headers.location ?? '', url).href;
    expect(there).not.toBe(url);
    expect(new URL((await ask(there)).headers.location ?? '', url).href).toBe(url);
  }
});

test('misbehaving – wrong-charset says UTF-8 in HTTP, and is and declares windows-1256', async () => {
  for (const url of both('wrong-charset')) {
    const { headers, body } = await ask(url);
    expect(headers['content-type']).toContain('charset=utf-8');
    expect(body.toString('utf8')).toContain('\u{fffd}');
    expect(iconv.decode(body, 'windows-1256')).toMatch(/[\u0600-\u06ff]{3}/);
    expect(body.toString('latin1')).toMatch(/(?:charset|encoding)="windows-1256"/);
  }
});

test('misbehaving – robots.txt forbids one article of the feed', async () => {
  const url = article('forbidden');
  const robots = (await ask(new URL('/robots.txt', url).href)).body.toString();
  const [, path] = /^Disallow: (.+)$/m.exec(robots) ?? [];
  expect(new URL(url).pathname.startsWith(path ?? 'none')).toBe(true);
  expect((await ask(url)).status).toBe(200);
});

test('misbehaving – truncated stops within its last item', async () => {
  const body = (await ask(feed('truncated'))).body.toString();
  expect(body.match(/<item>/g)).toHaveLength(2);
  expect(body.match(/<\/item>/g)).toHaveLength(1);
  expect(newsstand.misbehaving?.feeds.find(({ name }) => name === 'truncated')?.entries).toHaveLength(1);
});

test('misbehaving – html answers a page where a feed should be', async () => {
  const { headers, body } = await ask(feed('html'));
  expect(headers['content-type']).toContain('text/html');
  expect(body.toString()).toMatch(/^<!DOCTYPE html>/);
});

test('misbehaving – duplicates lists two links twice under one guid', async () => {
  const body = (await ask(feed('duplicates'))).body.toString();
  const all = (pattern: RegExp) => [...body.matchAll(pattern)].map((match) => match[1]);
  expect(new Set(all(/<guid[^>]*>([^<]+)</g)).size).toBe(1);
  expect(all(/<item>\s*<title>[^<]*<\/title>\s*<link>([^<]+)</g)).toHaveLength(4);
});

test('misbehaving – section-front lists headlines and has no article', async () => {
  const body = (await ask(article('section-front'))).body.toString();
  expect(body).toContain('og:type" content="website"');
  expect(body).not.toContain('NewsArticle');
});

test('misbehaving – huge is a whole page of 12 MB', async () => {
  const { body } = await ask(article('huge'));
  expect(body.length).toBe(12 * 1024 * 1024);
  expect(body.subarray(-8).toString().trim()).toBe('</html>');
});
