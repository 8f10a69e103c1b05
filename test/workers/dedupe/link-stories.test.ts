import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { generateItems } from '../../../src/newsstand/generate.ts';
import type { Item } from '../../../src/newsstand/model.ts';
import { loadWritten } from '../../../src/newsstand/written.ts';
import { seededRandom } from '../../../src/shared/seeded-random.ts';
import { type ArticleOfEvent, evidenceOf, numbersIn } from '../../../src/workers/dedupe/event-evidence.ts';
import { LINKING, linkStories, type StoryEvidence, sumEvidence } from '../../../src/workers/dedupe/link-stories.ts';
import { analyzeArticle } from '../../../src/workers/extract-entities/index.ts';

const DAY_MS = 86_400_000;
/** A Monday: the fixture's days count from here. */
const START = Date.UTC(2026, 0, 5);

interface Report {
  id: string;
  event: string;
  language: string;
  title: string;
  text: string;
  at: number;
}

const labelled: Report[] = readFileSync(
  new URL('../../fixtures/stories/across-languages.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .map(({ day, ...report }) => ({ ...report, at: START + day * DAY_MS }));

/** A story of one article. */
function storyOf({ id, language, title, text, at }: Report): StoryEvidence {
  const analysis = analyzeArticle({ title, text, language, publishedAt: new Date(at).toISOString() });
  return sumEvidence(id, language, [
    { at, evidence: evidenceOf({ title, text, publishedAt: new Date(at), ...analysis }) },
  ]);
}

/** How many pairs of stories are linked, rightly and wrongly, and how many should be. */
async function score(stories: StoryEvidence[], eventOf: ReadonlyMap<string, string>) {
  const isRight = (a: string, b: string) => eventOf.get(a) === eventOf.get(b);
  const links = [...(await linkStories(stories))].flatMap(([id, found]) => found.map((link) => [id, link.id] as const));
  const pairs = links.filter(([a, b]) => a < b);
  const right = pairs.filter(([a, b]) => isRight(a, b)).length;
  const all = stories.flatMap((a) => stories.filter((b) => a.id < b.id && isRight(a.id, b.id))).length;
  return { right, wrong: pairs.length - right, all };
}

describe('linkStories – reports of known events', () => {
  const stories = labelled.map(storyOf);
  const eventOf = new Map(labelled.map(({ id, event }) => [id, event]));

  test('the labelled set – nine in ten pairs, no wrong one', async () => {
    const { right, wrong, all } = await score(stories, eventOf);
    expect(all).toBe(65);
    expect(wrong).toBe(0);
    expect(right / all).toBeGreaterThan(0.85);
  });

  test('stories without their counterpart, all of one day – are hardly ever linked to another', async () => {
    const sum = { right: 0, wrong: 0, all: 0 };
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed);
      const half = stories.filter(() => random() < 0.5).map((story) => ({ ...story, firstAt: START, lastAt: START }));
      const { right, wrong, all } = await score(half, eventOf);
      sum.right += right;
      sum.wrong += wrong;
      sum.all += all;
    }
    expect(sum.wrong / (sum.wrong + sum.right)).toBeLessThan(0.01);
    expect(sum.right / sum.all).toBeGreaterThan(0.85);
  });

  const outlets = JSON.parse(readFileSync(new URL('../../../data/newsstand/outlets.json', import.meta.url), 'utf8'));
  const reportsOf = (items: Item[]): Report[] =>
    items
      .filter(({ wireOf }) => wireOf === undefined)
      .map(({ id, storyId, language, publishedAt, content }) => {
        const { title, body } = content();
        const text = body.map((block) => block.text).join('\n');
        return { id, event: storyId, language, title, text, at: publishedAt.getTime() };
      });

  test('the newsstand, ten languages – no wrong link', async () => {
    const reports = reportsOf(loadWritten(outlets, new Date(START)));
    const events = new Map(reports.map(({ id, event }) => [id, event]));
    const { right, wrong } = await score(reports.map(storyOf), events);
    expect(wrong).toBe(0);
    expect(right).toBeGreaterThanOrEqual(20);
  });

  test('articles made by grammar, each of an event of its own – hardly ever linked', async () => {
    const reports = reportsOf(generateItems({ seed: 1, count: 100, outlets, now: new Date(START) }));
    const { wrong } = await score(reports.map(storyOf), new Map(reports.map(({ id, event }) => [id, event])));
    expect(wrong).toBeLessThanOrEqual(1);
  });

  test('the order of the stories – makes no difference', async () => {
    const sorted = (links: Awaited<ReturnType<typeof linkStories>>) =>
      [...links].map(([id, found]) => `${id} ${found.map((link) => `${link.id} ${link.score}`)}`).sort();
    expect(sorted(await linkStories([...stories].reverse()))).toEqual(sorted(await linkStories(stories)));
  });
});

describe('linkStories', () => {
  const filler = Array.from({ length: 40 }, (_, i) =>
    made(`x${i}`, 'xx', { names: [`place:x${i}`], numbers: [i + 3000] }),
  );
  const event = { names: ['place:aden', 'org:port', 'person:governor'], numbers: [137, 24.5] };

  function made(
    id: string,
    language: string,
    {
      names = [],
      numbers = [],
      day = 1,
      killed = [],
    }: { names?: string[]; numbers?: number[]; day?: number; killed?: number[] },
  ): StoryEvidence {
    const evidence = { names: new Map(names.map((name) => [name, ''])), numbers: new Set(numbers.map(String)), killed };
    return sumEvidence(id, language, [{ at: START + day * DAY_MS, evidence }]);
  }
  const linked = async (...stories: StoryEvidence[]) =>
    Object.fromEntries(
      [...(await linkStories([...filler, ...stories]))].map(([id, links]) => [id, links.map((l) => l.id)]),
    );

  test('both name each other, with the reasons', async () => {
    const links = await linkStories([...filler, made('a', 'ar', event), made('b', 'en', { ...event, day: 1.5 })]);
    expect(links.get('a')).toMatchObject([
      { id: 'b', language: 'en', names: event.names.toSorted(), numbers: ['137', '24.5'], daysApart: 0.5 },
    ]);
    expect(links.get('b')).toMatchObject([{ id: 'a', language: 'ar' }]);
  });

  test('one language, or days apart – no link', async () => {
    expect(await linked(made('a', 'ar', event), made('b', 'ar', event))).toEqual({});
    expect(await linked(made('a', 'ar', event), made('b', 'en', { ...event, day: 6 }))).toEqual({});
  });

  test('names alone – must say more', async () => {
    const names = event.names.slice(0, 2);
    expect(await linked(made('a', 'ar', { names }), made('b', 'en', { names }))).toEqual({});
    expect(
      await linked(made('a', 'ar', { names, numbers: [137] }), made('b', 'en', { names, numbers: [137] })),
    ).toEqual({
      a: ['b'],
      b: ['a'],
    });
  });

  test('a toll of another order – is another event', async () => {
    const [names, numbers] = [event.names, [137]];
    const of = (killed: number[]) => ({ names, numbers, killed });
    expect(await linked(made('a', 'ar', of([3])), made('b', 'en', of([3, 7])))).toEqual({ a: ['b'], b: ['a'] });
    expect(await linked(made('a', 'ar', of([3])), made('b', 'en', of([40])))).toEqual({});
  });

  test('two stories that fit equally – neither', async () => {
    expect(await linked(made('a', 'ar', event), made('b', 'en', event), made('c', 'en', event))).toEqual({});
    const better = made('c', 'en', { names: [...event.names, 'place:mukalla'], numbers: [...event.numbers, 2177] });
    const first = made('a', 'ar', { names: [...event.names, 'place:mukalla'], numbers: [...event.numbers, 2177] });
    expect(await linked(first, made('b', 'en', event), better)).toMatchObject({ a: ['c'], c: ['a'] });
  });

  test('a name that many stories have – says little', async () => {
    const common = Array.from({ length: 40 }, (_, i) => made(`y${i}`, 'yy', { names: event.names }));
    expect(
      await linked(...common, made('a', 'ar', { names: event.names }), made('b', 'en', { names: event.names })),
    ).toEqual({});
    expect(LINKING.minScoreByNames).toBeGreaterThan(LINKING.minScore);
  });
});

describe('evidenceOf', () => {
  test('a text of millions of characters full of dates – only its beginning is looked at', () => {
    const date = '2026-03-12 ';
    const text = `${date}The fire spread over 750 hectares. ${date.repeat(300_000)}`;
    const dates = Array.from({ length: 200_000 }, (_, i) => {
      const start = i === 0 ? 0 : date.length * i + 35;
      return { text: date.trim(), start, end: start + date.length - 1 };
    });
    const { numbers } = evidenceOf({ title: '', text, dates });
    expect([...numbers]).toEqual(['750']);
  });

  const span = { text: '', start: 0, end: 0 };
  const entity = (id: string, type: 'person' | 'organization' | 'location', country?: string) => ({
    id,
    type,
    name: id,
    names: {},
    roles: [],
    mentions: [],
    ...(country && { country }),
  });

  test('names with their countries, but not the seats of organisations', () => {
    const article: ArticleOfEvent = {
      entities: [
        entity('place:geonames-1', 'location', 'IQ'),
        entity('person:~a-name', 'person'),
        entity('org:reuters', 'organization', 'GB'),
      ],
    };
    expect([...evidenceOf(article).names]).toEqual([
      ['place:geonames-1', 'IQ'],
      ['country:IQ', 'IQ'],
      ['person:~a-name', ''],
      ['org:reuters', 'GB'],
    ]);
  });

  test('numbers of title and text without those of dates, and casualties written out', () => {
    const text = 'On 14 March 37 trucks crossed; eleven drivers were killed.';
    const { numbers, killed } = evidenceOf({
      title: '٣٧ شاحنة',
      text,
      dates: [{ ...span, start: 3, end: 11 }],
      casualties: [{ ...span, kind: 'killed', count: 11 }],
    });
    expect([...numbers].sort()).toEqual(['11', '37']);
    expect(killed).toEqual([11]);
  });

  test('a day far from its own counts, in all languages alike', () => {
    const dates = [
      { ...span, from: '2026-03-12', to: '2026-03-12' },
      { ...span, from: '2026-01-06', to: '2026-01-06' },
      { ...span, from: '2026-04-01', to: '2026-04-30' },
    ];
    expect([...evidenceOf({ dates, publishedAt: new Date(START) }).numbers]).toEqual(['2026-03-12']);
  });

  test('of a long story, a number that one article states is left out', () => {
    const articles = [['137', '20'], ['137'], ['137', '88'], ['137'], ['137']].map((numbers) => ({
      at: START,
      evidence: { names: new Map(), numbers: new Set(numbers), killed: [] },
    }));
    expect([...sumEvidence('a', 'ar', articles).numbers]).toEqual(['137']);
    expect(sumEvidence('a', 'ar', articles.slice(0, 3)).numbers.size).toBe(3);
  });

  test.each([
    ['1,340 cases and 1 340 cas', ['1340']],
    ['قوته ٦٫١ درجات', ['6.1']],
    ['magnitude 6,1', ['6.1']],
    ['137 ألف برميل', ['137000']],
    ['68 thousand', ['68000']],
    ['10 آلاف هكتار', ['10000']],
    ['1.2 مليار', ['1.2']],
    ['in 2026, the 3 of them', []],
    ['260 million', ['260']],
  ])('numbersIn(%s)', (text, numbers) => {
    expect([...numbersIn(text)]).toEqual(numbers);
  });
});
