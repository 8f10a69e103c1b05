import { fillDates } from './dates.ts';
import { alternatives, expand, type Grammar, loadGrammar, type Memory, rowKey } from './grammar.ts';
import type { Block, Content, Edit, Item, OutletSpec } from './model.ts';
import { type Random, randomFrom } from './random.ts';

/** Languages with a grammar, and their share of generated articles in percent; Arabic first. */
const SHARES: Record<string, number> = { ar: 62, en: 26, fr: 12 };

/** Share of generated articles that are deliberate copies of an earlier one. */
const COPY_SHARE = 0.15;

/** How far back a copy looks for its original. */
const COPY_REACH = 400;

/** Numbers of generated articles start here. */
const FIRST_NUMBER = 700_001;

/** Generated articles are spread over this long before `now`. */
const SPAN_MS = 36 * 3_600_000;

/** A few megabytes. */
const MAX_KEPT_CONTENTS = 1_000;

const EDITS: readonly Edit[] = ['light', 'heavy', 'truncated', 'extended', 'headline'];

export interface GenerateOptions {
  seed: number;
  count: number;
  outlets: readonly OutletSpec[];
  now: Date;
}

/** The language of generated article `index`: the same whatever the count. */
export function languageOf(seed: number, index: number): string {
  let left = randomFrom(seed, 'language', index).next() * 100;
  for (const [language, share] of Object.entries(SHARES)) {
    left -= share;
    if (left < 0) return language;
  }
  return 'ar';
}

/** How many of the first `count` articles are of each language. */
export function countLanguages(seed: number, count: number): Map<string, number> {
  const counts = new Map(Object.keys(SHARES).map((language) => [language, 0]));
  for (let index = 0; index < count; index++) {
    const language = languageOf(seed, index);
    counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return counts;
}

/**
 * `count` articles written by grammar; texts are made when asked for and not kept. The same seed gives the same texts,
 * and a larger count only adds articles. Copies stand on another outlet than their original and later than it.
 */
export function generateItems({ seed, count, outlets, now }: GenerateOptions): Item[] {
  const grammars = new Map(Object.keys(SHARES).map((language) => [language, loadGrammar(language)]));
  const homes = new Map(
    Object.keys(SHARES).map((language) => [language, outlets.filter((outlet) => outlet.language === language)]),
  );
  const originals = new Map<string, Item[]>(Object.keys(SHARES).map((language) => [language, []]));
  const placed = new Map<string, number>();
  const items: Item[] = [];
  const recent = keepRecent(MAX_KEPT_CONTENTS);

  for (let index = 0; index < count; index++) {
    const language = languageOf(seed, index);
    const sites = homes.get(language) as OutletSpec[];
    const turn = placed.get(language) ?? 0;
    placed.set(language, turn + 1);
    const grammar = grammars.get(language) as Grammar;
    const earlier = originals.get(language) as Item[];
    const random = randomFrom(seed, 'place', index);
    let outlet = sites[turn % sites.length] as OutletSpec;
    const wantsCopy = random.next() < COPY_SHARE;
    const source = earlier[earlier.length - 1 - random.between(0, Math.min(earlier.length, COPY_REACH) - 1)];
    const publishedAt = new Date(now.getTime() - SPAN_MS + Math.floor(((index + 1) / count) * SPAN_MS));
    const common = { id: `g${index}`, number: FIRST_NUMBER + index, language, generated: true };

    if (wantsCopy && source && sites.length > 1) {
      if (outlet.id === source.outletId) outlet = sites[(turn + 1) % sites.length] as OutletSpec;
      const edit = random.pick(EDITS);
      items.push({
        ...common,
        outletId: outlet.id,
        storyId: source.storyId,
        wireOf: source.id,
        edit,
        publishedAt,
        content: recent(() => editCopy(grammar, source.content(), edit, randomFrom(seed, 'copy', index))),
      });
    } else {
      const item: Item = {
        ...common,
        outletId: outlet.id,
        storyId: `story-${index}`,
        publishedAt,
        content: recent(() =>
          writeArticle(grammar, language, publishedAt, randomFrom(seed, 'article', language, index)),
        ),
      };
      items.push(item);
      earlier.push(item);
    }
  }
  return items;
}

/** Wraps makers so that together they keep only the last `max` contents made: pages name their neighbours again and again. */
function keepRecent(max: number): (make: () => Content) => () => Content {
  const kept = new Map<() => Content, Content>();
  return (make) => () => {
    const content = kept.get(make) ?? make();
    kept.delete(make);
    kept.set(make, content);
    const [oldest] = kept.keys();
    if (kept.size > max && oldest) kept.delete(oldest);
    return content;
  };
}

/** One article: dateline and lead, then sentences of its topic and of the stock common to all topics, in paragraphs. */
export function writeArticle(grammar: Grammar, language: string, publishedAt: Date, random: Random): Content {
  const memory: Memory = new Map();
  const topic = random.pick(alternatives(grammar, 'topic'));
  const say = (template: string) =>
    joinClitics(fillDates(expand(grammar, template, random, memory), language, publishedAt));
  const one = (rule: string) => say(random.pick(alternatives(grammar, rule)));
  choosePlace(grammar, topic, random, memory);
  const titles = alternatives(grammar, `${topic}-title`);
  const leads = alternatives(grammar, `${topic}-lead`);
  const chosen = random.between(0, titles.length - 1);
  const title = say(titles[chosen] as string);
  // Headlines stand in the order of the leads they go with, over and over.
  const lead = `${one('dateline')} ${say(leads[chosen % leads.length] as string)}`;
  const own = random.sample(alternatives(grammar, `${topic}-body`), random.between(4, 5)).map(say);
  const common = random.sample(alternatives(grammar, 'common'), random.between(6, 8)).map(say);
  // The topic's facts lead; the common stock follows among them, as reaction and background do.
  const sentences = [...own.slice(0, 3), ...random.sample([...own.slice(3), ...common], own.length + common.length)];
  const body: Block[] = [{ type: 'p', text: lead }];
  while (sentences.length > 0) {
    body.push({ type: 'p', text: sentences.splice(0, random.between(1, 2)).join(' ') });
  }
  return { title, section: one(`${topic}-section`), author: one('author'), tags: [one(`${topic}-section`)], body };
}

/** Some topics belong to some cities, ports for one: a rule `<topic>-where` lists them. */
function choosePlace(grammar: Grammar, topic: string, random: Random, memory: Memory): void {
  const cities = grammar.rules.get(`${topic}-where`);
  const places = grammar.tables.get('where')?.rows.filter(([city]) => city !== undefined && cities?.includes(city));
  if (places && places.length > 0) memory.set(rowKey('where'), random.pick(places));
}

/** Arabic prefixes stand before a choice with a tatweel (`لـ<…>`); once a word is chosen they join it, and ل swallows the alef of ال. */
function joinClitics(text: string): string {
  return text
    .replace(/(?<=[بل]ـ) /g, '')
    .replaceAll('لـال', 'لل')
    .replace(/([بل])ـ(?=[ء-ي])/g, '$1');
}

/** What a desk does to a wire text: every edit adds a credit; see `Edit`. */
function editCopy(grammar: Grammar, original: Content, edit: Edit, random: Random): Content {
  const memory: Memory = new Map();
  const one = (rule: string) => expand(grammar, random.pick(alternatives(grammar, rule)), random, memory);
  const retitled = `${one('kicker')} ${original.title}`;
  const credit: Block = { type: 'p', text: one('credit') };
  const added: Block = { type: 'p', text: one('desk-note') };
  const { body } = original;
  switch (edit) {
    case 'headline':
      return { ...original, title: retitled, body: [...body, credit] };
    case 'light':
      return { ...original, body: [...body.slice(0, -1), credit] };
    case 'truncated':
      return { ...original, body: [...body.slice(0, Math.ceil(body.length * 0.6)), credit] };
    case 'extended':
      return { ...original, title: retitled, body: [...body, added, credit] };
    case 'heavy': {
      const kept = body.filter((_block, index) => index === 0 || index % 4 !== 2);
      return { ...original, title: retitled, body: [...kept.slice(0, 2), added, ...kept.slice(2), credit] };
    }
  }
}
