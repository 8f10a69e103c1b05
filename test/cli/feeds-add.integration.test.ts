import { afterAll, beforeAll, expect, test } from 'vitest';
import { add } from '../../src/cli/feeds.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { type Newsstand, startNewsstand } from '../../src/newsstand/index.ts';
import { openStores, type Stores } from '../../src/shared/stores/database.ts';
import { testMongoUri, uniqueName } from '../support/servers.ts';
import { testEnvironment } from '../support/service.ts';

const name = uniqueName('feeds-add');
let stand: Newsstand;
let stores: Stores;
beforeAll(async () => {
  stand = await startNewsstand();
  stores = await openStores(testMongoUri(), name);
});
afterAll(async () => {
  await stores.close();
  await stand.close();
});

/** Runs the command and returns what it wrote, with the message it failed with. */
async function feedsAdd(urls: string[], options: Partial<Parameters<typeof add>[2]> = {}) {
  let out = '';
  const write = (text: string) => {
    out += text;
    return true;
  };
  const terminal = {
    env: testEnvironment(name),
    stdout: { write },
    stderr: { write: () => true },
    signal: new AbortController().signal,
  } as unknown as Terminal;
  const failure = await add(terminal, urls, { check: true, ...options }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { out, failure };
}
const subscribed = async () => (await stores.feeds.list()).map(({ url }) => url).sort();

test('a front page – subscribed to the feed it names, with its title', async () => {
  const [outlet] = stand.outlets.filter(({ language }) => language === 'ar');
  const { out, failure } = await feedsAdd([outlet?.siteUrl ?? '']);
  expect(failure).toBeUndefined();
  expect(out).toMatch(/^\+ http.+ entr(?:y|ies), named by the page/);
  expect(out).toContain('1 feed added');
  expect(await stores.feeds.find(outlet?.feedUrl ?? '')).toMatchObject({ title: outlet?.name, status: 'active' });
});

test('one address in trouble – the others are added, and its code is told', async () => {
  const [, second] = stand.outlets;
  const { out, failure } = await feedsAdd([`${stand.outlets[0]?.siteUrl}/nothing-here`, second?.feedUrl ?? '']);
  expect(out).toContain('1 feed added');
  expect(failure).toMatch(/^HTTP_404: .*nothing-here[\s\S]*--no-check/);
  expect(await subscribed()).toContain(second?.feedUrl);
});

test('--no-check – subscribed without a request', async () => {
  const before = stand.stats().requests;
  const { out } = await feedsAdd(['http://127.0.0.1:9/feed'], { check: false });
  expect(out).toBe('1 feed added\n');
  expect(await subscribed()).toContain('http://127.0.0.1:9/feed');
  expect(stand.stats().requests).toBe(before);
});

test('no http address – refused before anything is asked', async () => {
  expect((await feedsAdd(['ftp://news.example/'])).failure).toContain('is not an http or https URL');
});
