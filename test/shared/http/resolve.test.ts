import { afterAll, beforeAll, expect, test } from 'vitest';
import { createResolve, type Resolve } from '../../../src/shared/http/resolve.ts';
import { startDnsServer } from '../../support/dns-server.ts';

let dns: Awaited<ReturnType<typeof startDnsServer>>;

beforeAll(async () => {
  dns = await startDnsServer({
    'both.test': { a: ['192.0.2.1', '192.0.2.2'], aaaa: ['2001:db8:0:0:0:0:0:1'] },
    'old.test': { a: ['192.0.2.3'] },
    'new.test': { aaaa: ['2001:db8:0:0:0:0:0:2'] },
    'half-deaf.test': { a: ['192.0.2.4'], silent: 'aaaa' },
    'dead.test': { silent: 'both' },
    'broken.test': { broken: true },
    'empty.test': {},
  });
});

afterAll(() => dns.close());

/** Names that answer have all the time a busy machine may need. */
function setup(lookup?: Resolve, { isSilent = false } = {}) {
  const looked: string[] = [];
  const resolve = createResolve({
    servers: [dns.address],
    ...(isSilent ? { timeoutMs: 100 } : { timeoutMs: 10_000, ipv6GraceMs: 10_000 }),
    lookup:
      lookup ??
      (async (hostname) => {
        looked.push(hostname);
        return [{ address: '10.0.0.1', family: 4 }];
      }),
  });
  return { resolve, looked };
}

test.each([
  ['both.test', ['192.0.2.1', '192.0.2.2', '2001:db8::1']],
  ['old.test', ['192.0.2.3']],
  ['new.test', ['2001:db8::2']],
])('resolve – %s by DNS alone', async (hostname, addresses) => {
  const { resolve, looked } = setup();
  const found = await resolve(hostname);
  expect(found.map(({ address }) => address)).toEqual(addresses);
  for (const { address, family } of found) expect(family).toBe(address.includes(':') ? 6 : 4);
  expect(looked).toEqual([]);
});

test('resolve – an IPv6 answer that never comes is not waited for', async () => {
  const { resolve } = setup(undefined, { isSilent: true });
  expect(await resolve('half-deaf.test')).toEqual([{ address: '192.0.2.4', family: 4 }]);
});

test.each(['unknown.test', 'empty.test'])('resolve – %s, which DNS does not know, by the system', async (hostname) => {
  const { resolve, looked } = setup();
  expect(await resolve(hostname)).toEqual([{ address: '10.0.0.1', family: 4 }]);
  expect(looked).toEqual([hostname]);
});

test.each(['localhost', 'intranet', 'printer.local', 'db.internal', 'nas.home.arpa', 'app.localhost'])(
  'resolve – %s is no matter for DNS',
  async (hostname) => {
    const { resolve, looked } = setup();
    await resolve(hostname);
    expect(looked).toEqual([hostname]);
    expect(dns.asked.join(' ')).not.toContain(hostname);
  },
);

test.each([
  ['dead.test', 'ETIMEOUT'],
  ['broken.test', 'ESERVFAIL'],
])('resolve – %s holds up nobody', async (hostname, code) => {
  const { resolve, looked } = setup(undefined, { isSilent: true });
  await expect(resolve(hostname)).rejects.toMatchObject({ code });
  expect(looked).toEqual([]);
});

test('resolve – the system is asked for two names at a time, and for all in the end', async () => {
  let running = 0;
  let most = 0;
  const releases: (() => void)[] = [];
  const { resolve } = setup(async (hostname) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((release) => releases.push(release));
    running -= 1;
    if (hostname === 'c') throw new Error('no such name');
    return [];
  });
  const asked = Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((name) => resolve(name)));
  let over = false;
  asked.then(() => {
    over = true;
  });
  while (!over) {
    releases.shift()?.();
    await new Promise((next) => setImmediate(next));
  }
  expect((await asked).map(({ status }) => status).join(' ')).toBe('fulfilled fulfilled rejected fulfilled fulfilled');
  expect(most).toBe(2);
});
