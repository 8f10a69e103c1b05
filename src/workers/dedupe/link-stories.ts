import { setImmediate } from 'node:timers/promises';
import type { StoryLink } from '../../shared/model.ts';
import type { EventEvidence } from './event-evidence.ts';

/** What the articles of one story tell of its event. */
export interface StoryEvidence {
  id: string;
  language: string;
  /** ms since 1970. */
  firstAt: number;
  lastAt: number;
  articles: number;
  /** Known name → the country it belongs to, or '', and in how many of the articles it is. */
  names: Map<string, { country: string; articles: number }>;
  /** Those that a quarter of the articles state, or more: what one of many adds is its own. */
  numbers: Set<string>;
  killed: number[];
}

const DAY_MS = 86_400_000;
const MIN_SHARE_OF_ARTICLES = 0.25;

/** What articles tell together. */
export function sumEvidence(
  id: string,
  language: string,
  articles: readonly { at: number; evidence: EventEvidence }[],
): StoryEvidence {
  const names: StoryEvidence['names'] = new Map();
  const counts = new Map<string, number>();
  for (const { evidence } of articles) {
    for (const [name, country] of evidence.names)
      names.set(name, { country, articles: (names.get(name)?.articles ?? 0) + 1 });
    for (const number of evidence.numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const usual = [...counts].filter(([, count]) => count >= articles.length * MIN_SHARE_OF_ARTICLES);
  return {
    id,
    language,
    firstAt: Math.min(...articles.map(({ at }) => at)),
    lastAt: Math.max(...articles.map(({ at }) => at)),
    articles: articles.length,
    names,
    numbers: new Set(usual.map(([number]) => number)),
    killed: articles.flatMap(({ evidence }) => evidence.killed),
  };
}

/**
 * Scores are sums of log-likelihood ratios, roughly: what a shared name or number says for one event is the logarithm of how much
 * likelier two reports of it have it in common than two others.
 */
export const LINKING = {
  /** Chance that a report of the event has a name, or a number, that another report of it has. */
  nameRecall: 0.6,
  numberRecall: 0.5,
  /** Imagined stories that have no name of ours, so that few real ones do not make every name rare. */
  priorStories: 60,
  /** Names of one country come together: after the rarest, each counts this much. */
  sameCountry: 0.3,
  /** Most that all numbers together count. */
  maxNumbers: 8,
  /** Both state numbers, and share none. */
  noNumberShared: -1.5,
  /** Both state how many were killed, and no two of these are within a factor of three. */
  otherToll: -4,
  /** Days that one story may begin after the other has ended, and after the other has begun. */
  sigmaApartDays: 1,
  sigmaBeginDays: 1.5,
  /** Least sum above the logarithm of the number of stories, any of which might be the one by chance; more where no number is shared. */
  minScore: 2,
  minScoreByNames: 3,
  /** Least part of the sum that names give. */
  minNames: 2,
  /** By how much the best story of a language must be better than the next. */
  margin: 1.5,
};

export type Linking = typeof LINKING;

/** How many stories have a name or number. */
interface Frequencies {
  stories: number;
  names: Map<string, number>;
  numbers: Map<string, number>;
}

/** Stories whose neighbours are scored in one go; then the process sees to its other work. */
const PER_TURN = 50;

/**
 * Links of each story, at most one to each other language, the surest first. Both stories must be the best for each other by a margin: where
 * an event is several stories of a language and none is clearly the one, there is no link.
 */
export async function linkStories(
  stories: readonly StoryEvidence[],
  options: Linking = LINKING,
): Promise<Map<string, StoryLink[]>> {
  const frequencies = countFrequencies(stories);
  const chance = Math.log(stories.length + options.priorStories);
  const neighbours = new Neighbours(stories);
  const pairs: Pair[] = [];
  for (const [i, story] of stories.entries()) {
    if (i % PER_TURN === 0) await setImmediate();
    for (const other of neighbours.before(i)) {
      const pair = { a: story, b: other, ...scorePair(story, other, frequencies, options) };
      if (pair.nameScore >= options.minNames && pair.score > chance) pairs.push(pair);
    }
  }

  const scores = new Map<string, number[]>();
  const sideOf = (story: StoryEvidence, other: StoryEvidence) => `${story.id} ${other.language}`;
  for (const { a, b, score } of pairs) {
    for (const side of [sideOf(a, b), sideOf(b, a)]) scores.set(side, [...(scores.get(side) ?? []), score]);
  }
  const isBest = (side: string, score: number) =>
    (scores.get(side) as number[]).filter((other) => other > score - options.margin).length === 1;

  const links = new Map<string, StoryLink[]>();
  for (const { a, b, score, names, numbers, daysApart } of pairs) {
    const least = numbers.length > 0 ? options.minScore : options.minScoreByNames;
    if (score < chance + least || !isBest(sideOf(a, b), score) || !isBest(sideOf(b, a), score)) continue;
    for (const [story, { id, language }] of [
      [a, b],
      [b, a],
    ] as const) {
      const link = { id, language, score: round(score), names, numbers, daysApart: round(daysApart) };
      links.set(story.id, [...(links.get(story.id) ?? []), link]);
    }
  }
  for (const found of links.values()) found.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return links;
}

const round = (value: number) => Math.round(value * 10) / 10;

function countFrequencies(stories: readonly StoryEvidence[]): Frequencies {
  const frequencies: Frequencies = { stories: stories.length, names: new Map(), numbers: new Map() };
  const raise = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const { names, numbers } of stories) {
    for (const id of names.keys()) raise(frequencies.names, id);
    for (const number of numbers) raise(frequencies.numbers, number);
  }
  return frequencies;
}

/** Stories further apart than this are not compared. */
const MAX_DAYS_APART = 3;
/** A name or number that so many stories have finds none of them. */
const MAX_STORIES_PER_KEY = 200;
/** Names and numbers that two stories must share to be compared: one alone never suffices. */
const MIN_SHARED_KEYS = 2;

/** Finds, for one story after another, those before it that it may be linked to. */
class Neighbours {
  readonly #stories: readonly StoryEvidence[];
  readonly #byKey = new Map<string, number[]>();

  constructor(stories: readonly StoryEvidence[]) {
    this.#stories = stories;
    for (const [i, { names, numbers }] of stories.entries()) {
      for (const key of [...names.keys(), ...numbers]) {
        const known = this.#byKey.get(key);
        if (known === undefined) this.#byKey.set(key, [i]);
        else known.push(i);
      }
    }
  }

  before(i: number): StoryEvidence[] {
    const story = this.#stories[i] as StoryEvidence;
    const shared = new Map<number, number>();
    for (const key of [...story.names.keys(), ...story.numbers]) {
      const having = this.#byKey.get(key) as number[];
      if (having.length > MAX_STORIES_PER_KEY) continue;
      for (const other of having) {
        if (other >= i) break;
        shared.set(other, (shared.get(other) ?? 0) + 1);
      }
    }
    return [...shared]
      .filter(([, count]) => count >= MIN_SHARED_KEYS)
      .map(([other]) => this.#stories[other] as StoryEvidence)
      .filter((other) => other.language !== story.language && daysBetween(other, story) <= MAX_DAYS_APART);
  }
}

function daysBetween(a: StoryEvidence, b: StoryEvidence): number {
  return Math.max(0, a.firstAt - b.lastAt, b.firstAt - a.lastAt) / DAY_MS;
}

interface Scored extends Pick<StoryLink, 'score' | 'names' | 'numbers' | 'daysApart'> {
  /** The part of the score that names give. */
  nameScore: number;
}

interface Pair extends Scored {
  a: StoryEvidence;
  b: StoryEvidence;
}

function scorePair(a: StoryEvidence, b: StoryEvidence, frequencies: Frequencies, options: Linking): Scored {
  const names = [...a.names]
    .flatMap(([id, { country, articles }]) => {
      const other = b.names.get(id);
      if (other === undefined) return [];
      const chance = ((frequencies.names.get(id) ?? 0) + 1) / (frequencies.stories + options.priorStories);
      const typical = Math.sqrt((articles / a.articles) * (other.articles / b.articles));
      return [{ id, country, weight: typical * Math.max(0, Math.log(options.nameRecall / chance)) }];
    })
    .sort((x, y) => y.weight - x.weight || (x.id < y.id ? -1 : 1));
  const countries = new Set<string>();
  let nameScore = 0;
  for (const { country, weight } of names) {
    nameScore += countries.has(country) ? options.sameCountry * weight : weight;
    countries.add(country);
  }

  const slots = Math.max(a.numbers.size, b.numbers.size, LEAST_SLOTS);
  const numbers = [...a.numbers]
    .filter((number) => b.numbers.has(number))
    .map((number) => {
      const counted = ((frequencies.numbers.get(number) ?? 0) + 1) / (frequencies.stories + options.priorStories);
      const chance = Math.max(counted, slots * chanceOf(number));
      return { number, weight: Math.max(0, Math.log(options.numberRecall / chance)) };
    })
    .sort((x, y) => y.weight - x.weight || (x.number < y.number ? -1 : 1));
  const agreeing = numbers.length / Math.min(a.numbers.size, b.numbers.size);
  const numberScore =
    numbers.length > 0
      ? Math.min(1, agreeing / options.numberRecall) *
        Math.min(
          options.maxNumbers,
          numbers.reduce((sum, { weight }) => sum + weight, 0),
        )
      : a.numbers.size > 0 && b.numbers.size > 0
        ? options.noNumberShared
        : 0;

  const daysApart = daysBetween(a, b);
  const begin = Math.abs(a.firstAt - b.firstAt) / DAY_MS;
  const time = -(daysApart ** 2) / (2 * options.sigmaApartDays ** 2) - begin ** 2 / (2 * options.sigmaBeginDays ** 2);
  const score = nameScore + numberScore + time + (tollsDiffer(a.killed, b.killed) ? options.otherToll : 0);
  return {
    score,
    nameScore,
    names: names.map(({ id }) => id),
    numbers: numbers.map(({ number }) => number),
    daysApart,
  };
}

/** Numbers that a story is taken to state at least: short reports are short by chance. */
const LEAST_SLOTS = 4;

/** Chance that any one number of another story is this one: small ones are everywhere, round ones are rounded, and days are rare. */
function chanceOf(number: string): number {
  if (number.includes('.')) return 0.0025;
  if (number.includes('-')) return 0.002;
  const value = Number(number);
  if (value < 10) return 0.06;
  if (value < 100) return value % 10 === 0 ? 0.03 : 0.02;
  const round = /^[1-9]0+$/.test(number);
  return value < 1000 ? (round ? 0.01 : 0.002) : round ? 0.005 : 0.001;
}

function tollsDiffer(a: readonly number[], b: readonly number[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  return !a.some((one) => b.some((other) => Math.min(one, other) * 3 >= Math.max(one, other)));
}
