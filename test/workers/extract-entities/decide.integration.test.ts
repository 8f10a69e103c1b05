import { MongoClient } from 'mongodb';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Article } from '../../../src/shared/model.ts';
import { type DecisionRequest, decide, settleDecisions } from '../../../src/workers/extract-entities/decide.ts';
import { insertArticle } from '../../support/insert-article.ts';
import { testMongoUri } from '../../support/servers.ts';
import { type Bench, stageBench } from '../../support/stages.ts';

const TEXTS = {
  aden: 'عدن – قال الشيخ سالم باعوم للصحفيين اليوم إن "الطريق إلى الميناء سيفتح غداً أمام الشاحنات". وأضاف باعوم أن العمل بدأ.',
  mukalla: 'المكلا – التقى الوزير وليد الجابري الشيخ سالم باعوم في عدن لبحث مشروع الميناء والطريق الساحلي.',
  sanaa: 'صنعاء – قال الشيخ سالم علي باعوم إن حالة الجرحى في مستشفى الثورة مستقرة بعد الحادث الذي وقع أمس.',
};
type Name = keyof typeof TEXTS;
const SHORT = 'person:~salem-baaum';
const LONG = 'person:~salem-ali-baaum';

let bench: Bench;
const ids = {} as Record<Name, string>;
const add = async (text: string, lang = 'ar') => {
  const set: Partial<Article> = { title: 'خبر', text, lang, publishedAt: bench.clock.now };
  const id = await insertArticle(bench.deps, 'unique', set);
  await bench.runOn('extract-entities', { articleId: id });
  return id;
};
beforeAll(async () => {
  bench = await stageBench();
  for (const name of Object.keys(TEXTS) as Name[]) ids[name] = await add(TEXTS[name]);
});

const read = async (id: string) => {
  const article = await bench.deps.stores.articles.get(id);
  if (!article) throw new Error(`no article ${id}`);
  return article;
};
const people = async (id: string) =>
  (await read(id)).entities?.filter(({ type }) => type === 'person').map((entity) => entity.id);
const count = async (id: string) => {
  const [top] = await bench.deps.stores.catalog.topEntities({ ids: [id], since: new Date(0), limit: 1 });
  return top?.articles ?? 0;
};
const entity = async (id: string) => bench.deps.stores.entities.get(id, await bench.deps.stores.decisions.rules());
const ask = (request: DecisionRequest) => decide(bench.deps.stores, request, bench.clock.now);

describe('decisions about entities', () => {
  test('a merge – stored articles, quotations, counts and neighbours follow at once, later articles obey', async () => {
    expect(await people(ids.aden)).toEqual([SHORT]);
    const { decision, articles } = await ask({ kind: 'merge', from: SHORT, into: LONG });
    expect([decision._id, articles]).toEqual([1, 2]);
    expect(await people(ids.aden)).toEqual([LONG]);
    expect((await read(ids.aden)).quotes?.[0]?.speakerEntityId).toBe(LONG);
    expect([await count(SHORT), await count(LONG)]).toEqual([0, 3]);
    const { catalog } = bench.deps.stores;
    expect((await catalog.entitiesBeside(LONG, 10)).map(({ id }) => id)).toContain('person:~walid-al-jabri');
    expect(await entity(LONG)).toMatchObject({ aliases: expect.arrayContaining(['سالم باعوم', 'سالم علي باعوم']) });
    expect(await entity(SHORT)).toBeUndefined();
    expect(await people(await add('وصل الشيخ سالم باعوم إلى عدن صباح اليوم قادماً من المكلا.'))).toEqual([LONG]);
    expect(await count(LONG)).toBe(4);
  });

  test('found by every name it had', async () => {
    const { entities, decisions } = bench.deps.stores;
    const found = await entities.find({ name: 'سالم باعوم', limit: 5 }, await decisions.rules());
    expect(found.map(({ id }) => id)).toEqual([LONG]);
  });

  test('a rename – of what it is called in its language, in articles and when looked for', async () => {
    await ask({ kind: 'rename', from: LONG, name: 'سالم بن علي باعوم' });
    expect((await read(ids.aden)).entities).toContainEqual(
      expect.objectContaining({ id: LONG, name: 'سالم بن علي باعوم' }),
    );
    const { entities, decisions } = bench.deps.stores;
    const found = await entities.find({ name: 'بن علي', limit: 5 }, await decisions.rules());
    expect(found.map(({ id, name }) => [id, name])).toEqual([[LONG, 'سالم بن علي باعوم']]);
  });

  test('a split – the spelling goes to somebody new, and only that', async () => {
    const { decision } = await ask({ kind: 'split', from: LONG, names: ['سالم باعوم'], name: 'سالم باعوم الابن' });
    if (decision.kind !== 'split') throw new Error('a split was asked for');
    expect(await people(ids.aden)).toEqual([decision.into.id]);
    expect(await people(ids.sanaa)).toEqual([LONG]);
    expect(await entity(decision.into.id)).toMatchObject({
      name: 'سالم باعوم الابن',
      aliases: ['سالم باعوم', 'باعوم'],
    });
    await ask({ kind: 'undo', of: decision._id });
    expect(await people(ids.aden)).toEqual([LONG]);
    expect(await entity(decision.into.id)).toBeUndefined();
  });

  test('the registry lost – learnt again by a replay, the decisions stand', async () => {
    const { articles, decisions } = bench.deps.stores;
    const client = await MongoClient.connect(testMongoUri());
    await client.db(bench.deps.config.MONGODB_DATABASE).collection('entities').deleteMany({});
    await client.close();
    expect(await entity(LONG)).toBeUndefined();
    await articles.replay(Object.values(ids), 'extract-entities', bench.clock.now, bench.clock.now);
    for (const articleId of Object.values(ids)) await bench.runOn('extract-entities', { articleId });
    expect(await entity(LONG)).toMatchObject({
      name: 'سالم بن علي باعوم',
      aliases: expect.arrayContaining(['سالم باعوم', 'سالم علي باعوم']),
    });
    expect(await people(ids.aden)).toEqual([LONG]);
    expect((await decisions.rules()).last).toBe(4);
  });

  test('undone – as the analysis found it', async () => {
    const before = await read(ids.sanaa);
    await ask({ kind: 'undo', of: 1 });
    await ask({ kind: 'undo', of: 2 });
    expect(await people(ids.aden)).toEqual([SHORT]);
    for (const id of Object.values(ids)) expect(await read(id)).not.toHaveProperty('asFound');
    expect((await read(ids.sanaa)).entities).not.toEqual(before.entities);
    expect([await count(SHORT), await count(LONG)]).toEqual([3, 1]);
  });

  test('an article saved without the latest decision – put right by the next pass', async () => {
    await ask({ kind: 'merge', from: SHORT, into: 'person:muammar-gaddafi' });
    const { articles, decisions } = bench.deps.stores;
    const late = await insertArticle(bench.deps, 'published', {
      ...((await read(ids.aden)).asFound ?? {}),
      lang: 'ar',
      enrich: { version: 1, at: bench.clock.now, decisions: 3 },
    });
    bench.clock.advance(120_000);
    await settleDecisions(bench.deps.stores, bench.clock.now);
    expect((await articles.get(late))?.entities).toContainEqual(
      expect.objectContaining({ id: 'person:muammar-gaddafi', name: 'معمر القذافي' }),
    );
    expect(await decisions.settled()).toBe((await decisions.rules()).last);
  });

  test('two at once – each its own line', async () => {
    const before = (await bench.deps.stores.decisions.rules()).last;
    await Promise.all(['أ', 'ب', 'ج'].map((name) => ask({ kind: 'rename', from: LONG, name })));
    const { log } = await bench.deps.stores.decisions.rules();
    expect(log.map(({ _id }) => _id)).toEqual(Array.from({ length: before + 3 }, (_, i) => i + 1));
  });

  test.each([
    [{ kind: 'merge', from: 'person:~nobody', into: LONG }, 'NO_SUCH_ENTITY'],
    [{ kind: 'merge', from: SHORT, into: LONG }, 'NO_SUCH_ENTITY'],
    [{ kind: 'merge', from: LONG, into: LONG }, 'SAME_ENTITY'],
    [{ kind: 'split', from: LONG, names: ['زيد'] }, 'NO_SUCH_NAME'],
    [{ kind: 'split', from: LONG, names: ['سالم علي باعوم'] }, 'NOTHING_LEFT'],
    [{ kind: 'undo', of: 99 }, 'NO_SUCH_DECISION'],
    [{ kind: 'undo', of: 1 }, 'UNDONE_ALREADY'],
  ] satisfies [DecisionRequest, string][])('%j – refused with %s', async (request, code) => {
    const before = (await bench.deps.stores.decisions.rules()).last;
    await expect(ask(request)).rejects.toMatchObject({ code });
    expect((await bench.deps.stores.decisions.rules()).last).toBe(before);
  });
});

describe('spellings of one name', () => {
  const inEnglish = (name: string) => `${name}, the port's director, told reporters in Aden that the road was open.`;

  test('in the other script – merged, with both names, and everywhere the same', async () => {
    const arabic = await add('قال الشيخ طارق الحسيني إن الطريق إلى الميناء مفتوح أمام الشاحنات منذ الصباح.');
    const [id = ''] = (await people(arabic)) ?? [];
    const english = await add(inEnglish('Tareq al-Husseini'), 'en');
    expect(await people(english)).toEqual([id]);
    expect((await read(english)).entities?.find((one) => one.id === id)).toMatchObject({
      name: 'Tareq al-Husseini',
      names: { ar: 'طارق الحسيني', en: 'Tareq al-Husseini' },
    });
    const { log } = await bench.deps.stores.decisions.rules();
    expect(log.at(-1)).toMatchObject({ kind: 'merge', into: { id }, automatic: true });
  });

  test('undone – and not done again', async () => {
    const { last } = await bench.deps.stores.decisions.rules();
    await ask({ kind: 'undo', of: last });
    const again = await add(inEnglish('Tareq al-Husseini'), 'en');
    expect(await people(again)).toEqual(['person:~tareq-al-husseini']);
    expect((await bench.deps.stores.decisions.rules()).last).toBe(last + 1);
  });

  test('a spelling of somebody in the knowledge base, whichever comes first', async () => {
    const before = await add(inEnglish('Moammar Khadafy'), 'en');
    expect(await people(before)).toEqual(['person:~moammar-khadafy']);
    await add('قال الرئيس معمر القذافي إن الطريق إلى طرابلس مفتوح أمام الشاحنات منذ الصباح.');
    expect(await people(before)).toEqual(['person:muammar-gaddafi']);
    expect(await people(await add(inEnglish('Muammar Qathafi'), 'en'))).toEqual(['person:muammar-gaddafi']);
  });

  test.each([
    ['قال الشيخ محمود سليم إن الطريق مفتوح أمام الشاحنات منذ الصباح.', 'Mohammed Salem'],
    ['قال الشيخ جمال الحسن إن الطريق مفتوح أمام الشاحنات منذ الصباح.', 'Kamal al-Hassan'],
  ])('%s – not %s', async (arabic, english) => {
    const one = await people(await add(arabic));
    const other = await people(await add(inEnglish(english), 'en'));
    expect([one?.length, other?.length]).toEqual([1, 1]);
    expect(other).not.toEqual(one);
  });
});
