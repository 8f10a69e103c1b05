import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test } from 'vitest';
import { tellPair } from '../../src/cli/explain-pair.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Service } from '../../src/service.ts';
import { insertArticle as insert } from '../support/insert-article.ts';
import { uniqueName } from '../support/servers.ts';
import { testEnvironment, testService } from '../support/service.ts';
import { rewritten, story } from '../workers/dedupe/texts.ts';

const name = uniqueName('pair');
let service: Service;
let original: string;
let copy: string;
let stranger: string;
let unread: string;
beforeAll(async () => {
  service = await testService(testEnvironment(name));
  const publishedAt = new Date();
  const of = { lang: 'ar', publishedAt };
  original = await insert(service, 'published', { ...of, title: 'الأول', text: story(1), storyId: 'one' });
  copy = await insert(service, 'duplicate', {
    ...of,
    title: 'الثاني',
    text: rewritten(story(1), 6),
    storyId: 'one',
    dup: { of: original, kind: 'near', score: 0.7, method: 'shingles' },
  });
  stranger = await insert(service, 'published', { ...of, title: 'غيره', text: story(2), storyId: 'two' });
  unread = await insert(service, 'discovered', {});
});

async function explain(a: string, b: string, json = false): Promise<string> {
  const stdout = new PassThrough();
  const terminal = { env: testEnvironment(name), stdout, stderr: new PassThrough().resume() } as unknown as Terminal;
  await tellPair(terminal, a, b, { json });
  stdout.end();
  return text(stdout);
}

test('a copy – what is on record, and the numbers of today', async () => {
  const told = await explain(original, copy);
  expect(told).toContain(`a copy of ${original} (near, 70.0 % by shingles)`);
  expect(told).toContain('on record: copies of one text, both in story one');
  expect(told).toMatch(/compared now: a copy \(enough shared\)\n.* \d+\.\d %, needed 38\.0 %/);
  expect(told).toMatch(/would join a story of A alone\n\s+similarity +0\.\d+, needed 0\.28/);
});

test('two articles – why they were not joined, as JSON too', async () => {
  const told = await explain(original, stranger);
  expect(told).toContain('on record: not copies of one text, stories one and two');
  expect(told).toMatch(/compared now: no copy \(.*too little shared/);
  expect(told).toContain('would not join');
  const { record, copy: compared } = JSON.parse(await explain(original, stranger, true));
  expect(record).toMatchObject({ copies: false, story: false });
  expect(compared.comparison.containment).toBeLessThan(compared.needed.containment);
});

test('articles in two languages – whether their stories are linked, and what both say', async () => {
  const of = (language: string, place: string) => ({
    lang: language,
    entities: ['place:aden', place].map((id) => {
      return { id, type: 'location' as const, name: id, names: {}, roles: [], mentions: [] };
    }),
  });
  const arabic = await insert(service, 'published', {
    ...of('ar', 'place:taiz'),
    text: 'وصلت ٣٧ شاحنة',
    storyId: 'three',
  });
  const english = await insert(service, 'published', {
    ...of('en', 'place:sanaa'),
    text: '37 lorries came',
    storyId: 'four',
  });
  expect(await explain(arabic, english)).toMatch(
    /two languages: their stories are not linked\n\s+names both articles have +place:aden\n\s+numbers both articles state +37\n/,
  );
});

test('by URL – the address leads to the article', async () => {
  const article = await service.stores.articles.get(copy);
  expect(await explain(original, article?.url ?? '')).toContain(copy);
});

test.each([
  ['an unknown article', () => explain(original, 'https://elsewhere.example/x'), /no article is known as/],
  ['an article not read yet', () => explain(original, unread), /has no text to compare: it is discovered/],
  ['one article twice', () => explain(original, original), /both are one article/],
])('%s – says so', async (_case, run, message) => {
  await expect(run()).rejects.toThrow(message);
});
