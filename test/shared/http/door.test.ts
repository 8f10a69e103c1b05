import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDoor, type Door, type DoorOptions, type FetchOptions } from '../../../src/shared/http/index.ts';
import { type MisbehavingSite, NEWS, startMisbehavingSite } from '../../support/misbehaving-site.ts';

let site: MisbehavingSite;
let door: Door;

const USER_AGENT = 'Khabar/test (+https://khabar.example/bot)';

beforeAll(async () => {
  site = await startMisbehavingSite();
  door = makeDoor();
});

afterAll(async () => {
  await site.close();
  await door.close();
});

function makeDoor(options: Partial<DoorOptions> = {}): Door {
  return createDoor({ userAgent: USER_AGENT, allowAddresses: [`127.0.0.1:${site.port}`], ...options });
}

function get(path: string, options: Partial<FetchOptions> = {}) {
  return door.fetch(site.origin + path, { purpose: 'feed', ...options, checkRobots: false });
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('fetch – a plain page', async () => {
  const fetched = await get('/news#top');
  expect(fetched).toMatchObject({
    robotsDisallowed: false,
    requestedUrl: `${site.origin}/news#top`,
    url: `${site.origin}/news`,
    status: 200,
    contentType: 'text/plain; charset=utf-8',
    notModified: false,
    redirects: [],
    ip: '127.0.0.1',
    wireBytes: Buffer.byteLength(NEWS),
  });
  expect(text(fetched.body)).toBe(NEWS);
});

test('fetch – says who we are, sends no cookies and no headers of the caller that are the door’s', async () => {
  const headers = { 'X-Hub': 'yes', Cookie: 'a=b', Host: 'elsewhere', 'User-Agent': 'Mozilla/5.0' };
  const echoed = JSON.parse(text((await get('/echo', { headers })).body));
  expect(echoed).toMatchObject({
    'user-agent': USER_AGENT,
    'x-hub': 'yes',
    host: `127.0.0.1:${site.port}`,
    'accept-encoding': 'gzip, br, deflate',
  });
  expect(echoed).not.toHaveProperty('cookie');
});

test('fetch – redirects within an origin share a connection', async () => {
  const own = makeDoor();
  const before = site.connections();
  await own.fetch(`${site.origin}/redirect/3`, { purpose: 'feed' });
  expect(site.connections() - before).toBe(1);
  await own.close();
});

test.each([
  ['etag', { etag: '"edition-7"' }],
  ['last-modified', { lastModified: 'Sun, 01 Nov 2026 08:00:00 GMT' }],
])('fetch – not modified by %s', async (_case, validators) => {
  const fetched = await get('/conditional', validators);
  expect(fetched).toMatchObject({ status: 304, notModified: true, wireBytes: 0, headers: { etag: '"edition-7"' } });
  expect(fetched.body).toHaveLength(0);
});

test('fetch – a validator that is no header value is not sent', async () => {
  expect((await get('/conditional', { etag: '"a\r\nb"', lastModified: 'أمس' })).status).toBe(200);
});

test.each(['gzip', 'x-gzip', 'br', 'deflate', 'deflate-raw', 'gzip-twice', 'charset-as-encoding'])(
  'fetch – body coded as %s',
  async (coding) => {
    expect(text((await get(`/${coding}`)).body)).toBe(NEWS);
  },
);

test('fetch – an empty body labelled gzip is empty', async () => {
  expect((await get('/gzip-empty')).body).toHaveLength(0);
});

test('fetch – redirects are followed and listed', async () => {
  const fetched = await get('/redirect/3');
  expect(fetched.url).toBe(`${site.origin}/news`);
  expect(fetched.redirects).toEqual([
    { status: 301, from: `${site.origin}/redirect/3`, to: `${site.origin}/redirect/2` },
    { status: 301, from: `${site.origin}/redirect/2`, to: `${site.origin}/redirect/1` },
    { status: 301, from: `${site.origin}/redirect/1`, to: `${site.origin}/news` },
  ]);
  expect((await get('/redirect/10')).redirects).toHaveLength(10);
});

test('fetch – the address is known for a connection that ends with its answer', async () => {
  site.route('/closing', (_request, response) => void response.writeHead(200, { connection: 'close' }).end('bye'));
  for (let i = 0; i < 2; i++) expect((await get('/closing')).ip).toBe('127.0.0.1');
});

test('fetch – a redirect in raw Arabic bytes', async () => {
  const fetched = await get('/redirect-arabic');
  expect(decodeURIComponent(fetched.url)).toBe(`${site.origin}/خبر?من=هنا`);
  expect(text(fetched.body)).toBe(NEWS);
});

test('fetch – a redirect whose own body stalls', async () => {
  const own = makeDoor();
  const before = site.connections();
  const fetched = await own.fetch(`${site.origin}/redirect-stalled-body`, { purpose: 'feed' });
  expect(fetched.url).toBe(`${site.origin}/news`);
  // The stalled connection is given up and not made again for nobody.
  expect(site.connections() - before).toBe(2);
  await own.close();
});

test('fetch – a redirect to another site does not get our secrets', async () => {
  const other = await startMisbehavingSite();
  const own = makeDoor({ allowAddresses: ['127.0.0.0/8'] });
  site.route('/to-other', (_request, response) => {
    response.writeHead(302, { location: `${other.origin}/echo` }).end();
  });
  const headers = { Authorization: 'Bearer s', 'X-Api-Key': 's', 'X-Hub-Signature': 's', 'X-Plain': 'p' };
  const { body } = await own.fetch(`${site.origin}/to-other`, { purpose: 'feed', headers });
  const echoed = JSON.parse(text(body));
  expect(echoed).toMatchObject({ 'x-plain': 'p' });
  for (const name of ['authorization', 'x-api-key', 'x-hub-signature']) expect(echoed).not.toHaveProperty(name);
  await own.close();
  await other.close();
});

test('fetch – a webhook is delivered where it was sent, and not where that points', async () => {
  const body = JSON.stringify({ title: 'خبر' });
  const headers = { 'content-type': 'application/json' };
  const sent = await door.fetch(`${site.origin}/redirect-307`, { purpose: 'webhook', method: 'POST', headers, body });
  expect(sent).toMatchObject({ status: 307, url: `${site.origin}/redirect-307`, redirects: [] });
  expect(site.seen.at(-1)).toMatchObject({ method: 'POST', path: '/redirect-307', body });
});

test('fetch – a POST goes along with a 307 and stops at a 302', async () => {
  const options = { method: 'POST', body: 'x' } as const;
  expect(await get('/redirect-307', options)).toMatchObject({ status: 200, url: `${site.origin}/news` });
  expect(site.seen.at(-1)).toMatchObject({ method: 'POST', path: '/news', body: 'x' });
  expect(await get('/redirect-302', options)).toMatchObject({ status: 302, redirects: [] });
});

test('fetch – HEAD has no body', async () => {
  const fetched = await get('/gzip', { method: 'HEAD' });
  expect(fetched).toMatchObject({ status: 200, wireBytes: 0 });
});

test.each([
  ['/no-such-page', 404],
  ['/forbidden', 403],
  ['/gone', 410],
  ['/legal', 451],
])('fetch – %s is the stage’s to judge', async (path, status) => {
  const fetched = await get(path);
  expect(fetched.status).toBe(status);
  expect(fetched.body).toHaveLength(0);
});

test('fetch – a server that fails once', async () => {
  await expect(get('/fails-once')).rejects.toMatchObject({ name: 'TransientError', code: 'HTTP_5XX' });
  expect(text((await get('/fails-once')).body)).toBe(NEWS);
});

test.each([
  ['/throttled', 'HTTP_429', 120_000],
  ['/throttled-silently', 'HTTP_429', 60_000],
  ['/throttled-date', 'HTTP_503', 86_400_000],
])('fetch – %s', async (path, code, retryAfterMs) => {
  await expect(get(path)).rejects.toMatchObject({ name: 'ThrottledError', code, retryAfterMs });
});

test.each([
  ['/unavailable', 'TransientError', 'HTTP_5XX', {}],
  ['/request-timeout', 'TransientError', 'HTTP_408', {}],
  ['/stalled-headers', 'TransientError', 'TIMEOUT', { deadlineMs: 200 }],
  ['/stalled-body', 'TransientError', 'TIMEOUT', { deadlineMs: 200 }],
  ['/cut-off', 'TransientError', 'CONNECTION_RESET', {}],
  ['/reset', 'TransientError', 'CONNECTION_RESET', {}],
  ['/reset-before-headers', 'TransientError', 'CONNECTION_RESET', {}],
  ['/gzip-cut-off', 'TransientError', 'BODY_TRUNCATED', {}],
  ['/not-http', 'TransientError', 'BAD_HTTP', {}],
  ['/endless', 'PermanentError', 'TOO_LARGE', {}],
  ['/too-long', 'PermanentError', 'TOO_LARGE', {}],
  ['/news', 'PermanentError', 'TOO_LARGE', { maxBytes: 10 }],
  ['/gzip-bomb', 'PermanentError', 'TOO_LARGE', {}],
  ['/gzip', 'PermanentError', 'TOO_LARGE', { maxBytes: 10 }],
  ['/giant-headers', 'PermanentError', 'HEADERS_TOO_LARGE', {}],
  ['/unknown-encoding', 'PermanentError', 'UNKNOWN_ENCODING', {}],
  ['/gzip-often', 'PermanentError', 'UNKNOWN_ENCODING', {}],
  ['/gzip-in-name-only', 'PermanentError', 'BAD_ENCODING', {}],
  ['/redirect/11', 'PermanentError', 'TOO_MANY_REDIRECTS', {}],
  ['/redirect-loop', 'PermanentError', 'REDIRECT_LOOP', {}],
  ['/redirect-nowhere', 'PermanentError', 'BAD_REDIRECT', {}],
  ['/redirect-file', 'PermanentError', 'BAD_SCHEME', {}],
  ['/redirect-metadata', 'PermanentError', 'ADDRESS_FORBIDDEN', {}],
  ['/redirect-credentials', 'PermanentError', 'CREDENTIALS_IN_URL', {}],
])('fetch – %s is a %s %s', async (path, name, code, options) => {
  await expect(get(path, options)).rejects.toMatchObject({ name, code });
});

test('fetch – the bomb is not inflated past the cap', async () => {
  const before = process.memoryUsage().rss;
  await expect(get('/gzip-bomb', { maxBytes: 2 ** 20 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
});

test.each([
  '/stalled-headers',
  '/stalled-body',
  '/endless',
  '/redirect-metadata',
  '/redirect-file-stalled',
  '/failed-stalled',
  '/unknown-encoding-stalled',
])('close – does not wait for what was given up: %s', async (path) => {
  const own = makeDoor();
  const before = site.connections();
  const giveUp = new AbortController();
  const requested = site.requested(path);
  const fetching = own.fetch(site.origin + path, { purpose: 'feed', signal: giveUp.signal });
  fetching.catch(() => {}); // most fail by themselves, perhaps before the next line
  await requested;
  if (/^.stalled/.test(path)) giveUp.abort();
  await expect(fetching).rejects.toThrow();
  await own.close();
  expect(site.connections() - before).toBe(1);
});

test('fetch – the deadline counts over all hops', async () => {
  let hops = 0;
  site.route('/slow-hops', (_request, response) => {
    hops += 1;
    setTimeout(() => response.writeHead(302, { location: `/slow-hops?${hops}` }).end(), 80);
  });
  await expect(get('/slow-hops', { deadlineMs: 300 })).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(hops).toBeLessThan(5);
});

test('fetch – given up by the caller', async () => {
  const controller = new AbortController();
  const requested = site.requested('/stalled-headers');
  const fetching = get('/stalled-headers', { signal: controller.signal });
  await requested;
  controller.abort(new Error('shutting down'));
  await expect(fetching).rejects.toMatchObject({ name: 'TransientError', code: 'ABORTED' });
  await expect(get('/news', { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
});

test.each([
  ['ftp://example.com/feed', 'BAD_SCHEME'],
  ['file:///etc/passwd', 'BAD_SCHEME'],
  ['javascript:alert(1)', 'BAD_SCHEME'],
  ['no url', 'BAD_URL'],
  ['http://', 'BAD_URL'],
  ['http://user:secret@example.com/', 'CREDENTIALS_IN_URL'],
  ['http://news.example:25/', 'BAD_PORT'],
  ['http://127.0.0.1:2/', 'ADDRESS_FORBIDDEN'],
  ['http://0x7f.1/', 'ADDRESS_FORBIDDEN'],
  ['http://2130706433/', 'ADDRESS_FORBIDDEN'],
  ['http://017700000001/', 'ADDRESS_FORBIDDEN'],
  ['http://[::1]/', 'ADDRESS_FORBIDDEN'],
  ['http://[::ffff:127.0.0.1]/', 'ADDRESS_FORBIDDEN'],
  ['http://[fd00:ec2::254]/latest/meta-data/', 'ADDRESS_FORBIDDEN'],
  ['https://169.254.169.254/latest/meta-data/', 'ADDRESS_FORBIDDEN'],
  ['http://localhost/', 'ADDRESS_FORBIDDEN'],
])('fetch – %s is refused as %s', async (url, code) => {
  await expect(door.fetch(url, { purpose: 'feed' })).rejects.toMatchObject({ name: 'PermanentError', code });
});

test('fetch – a name that leads inside is refused, however often its answer changes', async () => {
  const answers = ['127.0.0.1', '10.0.0.7', '169.254.169.254'];
  let asked = 0;
  const own = makeDoor({
    allowAddresses: [],
    resolve: async () => [{ address: answers[asked++ % answers.length] ?? '', family: 4 }],
  });
  for (let i = 0; i < 3; i++) {
    await expect(own.fetch(`http://rebind.example:${site.port}/news`, { purpose: 'feed' })).rejects.toMatchObject({
      code: 'ADDRESS_FORBIDDEN',
    });
  }
  expect(asked).toBe(3);
  await own.close();
});

test('fetch – of a mixed answer only public addresses are dialled', async () => {
  const before = site.connections();
  const own = makeDoor({
    allowAddresses: ['127.0.0.2'],
    resolve: async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '127.0.0.2', family: 4 },
    ],
  });
  // Nothing listens on 127.0.0.2, so a refusal there shows that 127.0.0.1 was not tried.
  await expect(own.fetch(`http://mixed.example:${site.port}/news`, { purpose: 'feed' })).rejects.toMatchObject({
    code: 'CONNECTION_REFUSED',
  });
  expect(site.connections()).toBe(before);
  await own.close();
});

test('fetch – an opened host may lead inside', async () => {
  const own = makeDoor({
    allowAddresses: [`intranet.example:${site.port}`],
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  expect((await own.fetch(`http://intranet.example:${site.port}/news`, { purpose: 'feed' })).ip).toBe('127.0.0.1');
  await expect(own.fetch(`http://other.example:${site.port}/news`, { purpose: 'feed' })).rejects.toMatchObject({
    code: 'ADDRESS_FORBIDDEN',
  });
  await own.close();
});

test.each([
  ['EAI_AGAIN', 'DNS_TEMPORARY'],
  ['ENOTFOUND', 'DNS_NOT_FOUND'],
])('fetch – a name lookup that fails with %s', async (dnsCode, code) => {
  const own = makeDoor({
    resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: dnsCode })),
  });
  await expect(own.fetch('http://news.example/', { purpose: 'feed' })).rejects.toMatchObject({
    name: 'TransientError',
    code,
  });
  await own.close();
});

test('fetch – a name lookup that never ends is under the deadline too', async () => {
  const own = makeDoor({ resolve: () => new Promise(() => {}), connectTimeoutMs: 300 });
  await expect(own.fetch('http://news.example/', { purpose: 'feed', deadlineMs: 100 })).rejects.toMatchObject({
    code: 'TIMEOUT',
  });
  await own.close();
});

test('fetch – a certificate must be vouched for, and be for the name', async () => {
  const read = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
  const cert = read('cert.pem');
  const secure = await startMisbehavingSite({ key: read('key.pem'), cert });
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const stranger = makeDoor({ allowAddresses: ['127.0.0.1'], resolve });
  const trusting = makeDoor({ allowAddresses: ['127.0.0.1'], resolve, ca: cert });
  const untrusted = { name: 'PermanentError', code: 'TLS_CERTIFICATE' };
  const feed = (own: Door, host: string) => own.fetch(`https://${host}:${secure.port}/news`, { purpose: 'feed' });

  await expect(feed(stranger, 'news.example')).rejects.toMatchObject(untrusted);
  await expect(feed(trusting, 'other.example')).rejects.toMatchObject(untrusted);
  expect(text((await feed(trusting, 'news.example')).body)).toBe(NEWS);
  expect(text((await feed(trusting, '127.0.0.1')).body)).toBe(NEWS);
  await expect(trusting.fetch(`https://127.0.0.1:${site.port}/`, { purpose: 'feed' })).rejects.toMatchObject({
    name: 'PermanentError',
    code: 'TLS_FAILED',
  });
  await Promise.all([stranger.close(), trusting.close(), secure.close()]);
});

test('fetch – nobody listens', async () => {
  const closed = await startMisbehavingSite();
  await closed.close();
  const own = makeDoor({ allowAddresses: ['127.0.0.1'] });
  await expect(own.fetch(`${closed.origin}/`, { purpose: 'feed' })).rejects.toMatchObject({
    code: 'CONNECTION_REFUSED',
  });
  await own.close();
});
