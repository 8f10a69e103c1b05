import { describe, expect, test } from 'vitest';
import type { Entry, Feed } from '../../../src/shared/model.ts';
import {
  entryFingerprint,
  type IdentifiedEntry,
  identifyEntries,
  judgeEntries,
  type KnownEntry,
} from '../../../src/workers/poll-feed/entry-identity.ts';

const entry = (part: Partial<Entry>): Entry => ({ authors: [], categories: [], enclosures: [], ...part });
const feed = (...entries: Partial<Entry>[]): Feed => ({ kind: 'rss', entries: entries.map(entry), warnings: [] });
/** `n` ordinary entries, newest first, an hour apart, the newest number `newest`. */
const usual = (n: number, newest: number, change: (e: Entry, number: number) => Partial<Entry> = () => ({})): Feed =>
  feed(
    ...Array.from({ length: n }, (_x, i) => {
      const number = newest - i;
      const base = entry({
        guid: `urn:x:${number}`,
        link: `https://news.example/a/${number}-story`,
        title: `Headline of the story number ${number}`,
        summary: `<p>Text of ${'abcdefghij'[number % 10]}${'klmnopqrst'[Math.floor(number / 10) % 10]}</p>`,
        publishedAt: new Date(Date.UTC(2026, 10, 1) + number * 3_600_000).toISOString(),
      });
      return { ...base, ...change(base, number) };
    }),
  );
const stored = (entries: IdentifiedEntry[]): KnownEntry[] =>
  entries.map(({ keys, urlKey, fingerprint }) => ({ keys, urlKeys: urlKey ? [urlKey] : [], fingerprint }));
/** What the store finds: records that share a key with the entries. */
const found = (entries: IdentifiedEntry[], records: KnownEntry[]): KnownEntry[] =>
  records.filter((r) =>
    entries.some((e) => e.keys.some((k) => r.keys.includes(k)) || (e.urlKey && r.urlKeys.includes(e.urlKey))),
  );
/** Verdicts of a second document after a first one was stored. */
function second(first: Feed, next: Feed, opts: Parameters<typeof judgeEntries>[2] = {}) {
  const entries = identifyEntries(next, opts);
  return judgeEntries(entries, found(entries, stored(identifyEntries(first))), opts);
}
const verdicts = (judgement: ReturnType<typeof judgeEntries>) => judgement.entries.map((e) => e.verdict);

describe('identifyEntries – what is a guid', () => {
  const keysOf = (...entries: Partial<Entry>[]) => identifyEntries(feed(...entries)).map((e) => e.keys);

  test.each([
    ['http and https', 'http://a.example/x?id=5', 'https://a.example/x?id=5'],
    ['www', 'https://www.a.example/x?id=5', 'https://a.example/x?id=5'],
    [
      'session in the query',
      'https://a.example/x?id=5&PHPSESSID=0123456789abcdef0123456789abcdef',
      'https://a.example/x?id=5',
    ],
    ['session in the path', 'https://a.example/x;jsessionid=A1B2C3?id=5', 'https://a.example/x?id=5'],
    ['campaign', 'https://a.example/x?id=5&utm_source=rss', 'https://a.example/x?id=5'],
    ['session in a name', 'news-5;jsessionid=A1B2', 'news-5'],
    ['blanks', '  urn:x:5 ', 'urn:x:5'],
  ])('%s do not count', (_case, a, b) => {
    expect(keysOf({ guid: a })).toEqual(keysOf({ guid: b }));
  });

  test('fragments count in guids', () => {
    const keys = keysOf({ guid: 'https://a.example/live#1' }, { guid: 'https://a.example/live#2' });
    expect(keys[0]).not.toEqual(keys[1]);
  });

  test('guids that are all equal are none', () => {
    const keys = keysOf(...[1, 2, 3].map((n) => ({ guid: 'article', link: `https://a.example/${n}` })));
    expect(keys).toEqual([['l:/1'], ['l:/2'], ['l:/3']]);
  });

  test('guids that number the places are none, ascending ids of an oldest-first feed are', () => {
    const at = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString();
    const newestFirst = [0, 1, 2].map((n) => ({
      guid: String(n),
      link: `https://a.example/${n}`,
      publishedAt: at(9 - n),
    }));
    expect(
      keysOf(...newestFirst)
        .flat()
        .some((k) => k.startsWith('g:')),
    ).toBe(false);
    const oldestFirst = [0, 1, 2].map((n) => ({
      guid: String(n),
      link: `https://a.example/${n}`,
      publishedAt: at(1 + n),
    }));
    expect(keysOf(...oldestFirst).every((keys) => keys[0]?.startsWith('g:'))).toBe(true);
  });

  test('a link most entries share is not theirs', () => {
    const identified = identifyEntries(
      feed(...[1, 2, 3].map((n) => ({ guid: `x${n}`, link: 'https://a.example/news' }))),
    );
    expect(identified.map((e) => [e.keys, e.urlKey])).toEqual([
      [['g:x1'], undefined],
      [['g:x2'], undefined],
      [['g:x3'], undefined],
    ]);
  });

  test('one page twice is one entry, two pages under one guid are two', () => {
    const twice = { guid: 'a', link: 'https://a.example/1?utm_source=x' };
    const many = [3, 4, 5, 6].map((n) => ({ guid: `g${n}`, link: `https://a.example/${n}` }));
    expect(identifyEntries(feed(twice, { guid: 'b', link: 'http://www.a.example/1' }, ...many))).toHaveLength(5);
    expect(identifyEntries(feed(twice, { guid: 'a', link: 'https://a.example/2' }, ...many))).toHaveLength(6);
  });

  test('an entry with nothing but text still has a key', () => {
    expect(keysOf({ title: 'عاجل' })[0]?.[0]).toMatch(/^h:.{22}$/);
  });

  test('feeds of many sites keep the host', () => {
    const [a, b] = keysOf({ link: 'https://a.example/1' }, { link: 'https://b.example/1' });
    expect(a).not.toEqual(b);
  });
});

describe('judgeEntries', () => {
  test('three new entries above known ones', () => {
    const judgement = second(usual(20, 100), usual(20, 103));
    expect(verdicts(judgement)).toEqual([...Array(3).fill('new'), ...Array(17).fill('known')]);
    expect(judgement).toMatchObject({ unstableGuids: false, surge: false });
  });

  test.each<[string, (e: Entry, n: number) => Partial<Entry>]>([
    ['http → https', (e) => ({ link: e.link?.replace('https:', 'http:') })],
    ['a new domain', (e) => ({ link: e.link?.replace('news.example', 'press.example') })],
    ['guids per build', (_e, n) => ({ guid: `build-77-${n * 31}` })],
    [
      'new guids and new links under the same titles and times',
      (_e, n) => ({ guid: `new:${n}`, link: `https://news.example/story/${n * 7}` }),
    ],
    ['no guids any more', () => ({ guid: undefined })],
    ['links with campaign junk', (e) => ({ link: `${e.link}?utm_source=rss&fbclid=1` })],
    ['new slugs', (_e, n) => ({ link: `https://news.example/a/other-slug-${n}` })],
  ])('%s makes no duplicates', (_case, change) => {
    expect(new Set(verdicts(second(usual(20, 100), usual(20, 100, change))))).toEqual(new Set(['known']));
  });

  test('guids that change under the same pages are reported, and left out from then on', () => {
    const change = (_e: Entry, n: number) => ({ guid: `${n}-${n * 97}` });
    expect(second(usual(20, 100), usual(20, 100, change)).unstableGuids).toBe(true);
    const later = identifyEntries(usual(3, 100, change), { unstableGuids: true });
    expect(later.flatMap((e) => e.keys).some((k) => k.startsWith('g:'))).toBe(false);
  });

  test('guids reused for other stories do not hide them', () => {
    const places = (e: Feed): Feed => ({ ...e, entries: e.entries.map((x, i) => ({ ...x, guid: `slot-${i}` })) });
    const judgement = second(places(usual(10, 100)), places(usual(10, 106)));
    expect(verdicts(judgement)).toEqual([...Array(6).fill('new'), ...Array(4).fill('known')]);
  });

  test('one story moved and retitled under its guid stays one', () => {
    const change = (_e: Entry, n: number) =>
      n === 98 ? { link: 'https://news.example/corrected', title: 'Corrected headline of it all' } : {};
    expect(verdicts(second(usual(5, 100), usual(5, 100, change)))).toEqual([
      'known',
      'known',
      'changed',
      'known',
      'known',
    ]);
  });

  test('a page known from another feed is not changed by other words', () => {
    const [entry] = identifyEntries(usual(1, 100));
    if (!entry) throw new Error('no entry');
    const other: KnownEntry = { keys: [], urlKeys: [entry.urlKey ?? ''], fingerprint: 'of another wording' };
    expect(judgeEntries([entry], [other]).entries[0]).toMatchObject({ verdict: 'known', known: 0 });
  });

  const lastNewAt = new Date(Date.UTC(2026, 10, 1) + 100 * 3_600_000);
  test('a feed that renames everything is held back', () => {
    const renamed = usual(20, 101, (_e, n) => ({
      guid: `v2:${n}`,
      link: `https://news.example/v2/${n}`,
      title: `Section | Headline of ${n} again`,
    }));
    const judgement = second(usual(20, 100), renamed, { lastNewAt });
    expect(judgement.surge).toBe(true);
    expect(verdicts(judgement).slice(0, 14)).toEqual(Array(14).fill('new'));
    expect(verdicts(judgement).slice(14)).toEqual(Array(6).fill('held'));
  });

  test('a busy feed whose entries are all new is not held back', () => {
    const judgement = second(usual(20, 100), usual(20, 140), { lastNewAt });
    expect(new Set(verdicts(judgement))).toEqual(new Set(['new']));
    expect(judgement.surge).toBe(false);
  });

  test('nor is the first document of a feed', () => {
    const entries = identifyEntries(usual(20, 1));
    expect(new Set(verdicts(judgeEntries(entries, [])))).toEqual(new Set(['new']));
  });
});

describe('entryFingerprint', () => {
  const base = entry({ title: 'عنوان الخبر', summary: '<p>نص  الخبر</p>', updatedAt: '2026-11-22T10:00:00.000Z' });
  test.each<[string, Partial<Entry>, boolean]>([
    ['title', { title: 'عنوان آخر' }, true],
    ['text', { summary: '<p>نص آخر</p>' }, true],
    ['time of update', { updatedAt: '2026-11-22T10:05:00.000Z' }, true],
    ['mark-up and white space', { summary: '<div class="x">نص الخبر </div>' }, false],
    ['a counter', { summary: '<p>نص الخبر (12)</p>' }, false],
    ['categories', { categories: ['x'] }, false],
    ['seconds of the update', { updatedAt: '2026-11-22T10:00:31.000Z' }, false],
  ])('%s', (_case, change, differs) => {
    expect(entryFingerprint({ ...base, ...change }) !== entryFingerprint(base)).toBe(differs);
  });

  test('times of update that are all the moment of building change nothing', () => {
    const built = (at: string): Feed => ({ ...usual(5, 9, () => ({ updatedAt: at })), updatedAt: at });
    const prints = ['2026-11-22T10:00:00.000Z', '2026-11-22T11:00:00.000Z'].map((at) =>
      identifyEntries(built(at)).map((e) => e.fingerprint),
    );
    expect(prints[0]).toEqual(prints[1]);
  });
});
