import type { ReadText } from './fingerprint.ts';
import {
  type Candidate,
  DAY_MS,
  FURNITURE_BLOCK_DAYS,
  type IndexEntry,
  isRepost,
  MAX_CANDIDATES,
  MAX_POSTINGS,
  MIN_FURNITURE_ARTICLES,
  MIN_SHARED_HASHES,
  matchOrInsert,
  type NearDuplicateIndex,
  type Offer,
  type Placement,
  type SketchStore,
  type Verdict,
} from './near-duplicate-index.ts';

export interface MemoryIndexOptions {
  /** Days after `seenAt` for which near-duplicates and exact copies are found. Default: for ever. */
  sketchWindowDays?: number;
  contentWindowDays?: number;
}

interface Remembered {
  id: string;
  original: string;
  seenAt: number;
  size: number;
  bound: number;
  read: ReadText;
  source: string | undefined;
}

/** One language. */
interface Group {
  articles: Remembered[];
  /** Numbers of the articles that have a hash, oldest first; most hashes have one. */
  postings: Map<number, number | number[]>;
  byContent: Map<string, { original: string; seenAt: number }>;
  /** How many articles showed a paragraph, by source and block of days. */
  furniture: Map<string, Map<number, number>>;
}

/** The index of one process: for the library, one-off runs and tests. Keeps about 4 kB per article. */
export function createMemoryIndex(options: MemoryIndexOptions = {}): NearDuplicateIndex {
  const store = new MemoryStore(options);
  return { matchOrInsert: (article) => matchOrInsert(store, article) };
}

const NOBODY: readonly number[] = [];

class MemoryStore implements SketchStore {
  readonly #sketchWindowMs: number;
  readonly #contentWindowMs: number;
  readonly #groups = new Map<string, Group>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #articles = new Map<string, Remembered>();
  #counters = new Uint16Array(1024);

  constructor({
    sketchWindowDays = Number.POSITIVE_INFINITY,
    contentWindowDays = Number.POSITIVE_INFINITY,
  }: MemoryIndexOptions) {
    this.#sketchWindowMs = sketchWindowDays * DAY_MS;
    this.#contentWindowMs = contentWindowDays * DAY_MS;
  }

  async furniture({ group, source, seenAt }: Placement, paragraphs: number[]): Promise<ReadonlySet<number>> {
    const counts = this.#group(group).furniture;
    const [now, before] = [0, 1].map((blocksAgo) => counts.get(furnitureKey(source, seenAt, blocksAgo)));
    const shown = (hash: number) => (now?.get(hash) ?? 0) + (before?.get(hash) ?? 0);
    return new Set(paragraphs.filter((hash) => shown(hash) >= MIN_FURNITURE_ARTICLES));
  }

  async offer(entry: IndexEntry, decided?: { verdict: Verdict; upTo: number }): Promise<Offer> {
    const known = this.#verdicts.get(entry.id);
    if (known !== undefined) return { state: 'settled', verdict: known, again: true };

    const group = this.#group(entry.group);
    const equal = entry.contentHash === undefined ? undefined : group.byContent.get(entry.contentHash);
    if (equal !== undefined && equal.seenAt > entry.seenAt - this.#contentWindowMs) {
      return this.#store(entry, { original: equal.original, kind: 'exact', similarity: 1, method: 'content-hash' });
    }
    const candidates = this.#candidates(group, entry, decided?.upTo ?? 0);
    if (candidates.length > 0) {
      const all = decided === undefined ? candidates : this.#candidates(group, entry, 0);
      return { state: 'undecided', candidates: all, upTo: group.articles.length };
    }
    return this.#store(entry, decided?.verdict ?? { original: entry.id });
  }

  async load(id: string): Promise<{ read: ReadText; source: string | undefined } | undefined> {
    return this.#articles.get(id);
  }

  #group(name: string): Group {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { articles: [], postings: new Map(), byContent: new Map(), furniture: new Map() };
      this.#groups.set(name, group);
    }
    return group;
  }

  /** Articles numbered `from` and later that share enough hashes, most first. */
  #candidates(group: Group, entry: IndexEntry, from: number): Candidate[] {
    const shared = this.#sharedWith(group.articles.length);
    const met: number[] = [];
    for (const hash of entry.sketch.hashes) {
      for (const number of this.#alive(group, hash, entry.seenAt)) {
        if (number < from) continue;
        if (shared[number] === 0) met.push(number);
        shared[number] = (shared[number] as number) + 1;
      }
    }
    const candidates: { number: number; shared: number }[] = [];
    for (const number of met) {
      const count = shared[number] as number;
      shared[number] = 0;
      if (count >= MIN_SHARED_HASHES && !this.#isExpired(group, number, entry.seenAt))
        candidates.push({ number, shared: count });
    }
    return candidates
      .sort((a, b) => b.shared - a.shared || a.number - b.number)
      .slice(0, MAX_CANDIDATES)
      .map(({ number, shared }) => {
        const { id, original, size, bound } = group.articles[number] as Remembered;
        return { id, original, size, bound, shared };
      });
  }

  /** Counters, all zero, one for each article. */
  #sharedWith(articles: number): Uint16Array {
    if (this.#counters.length < articles) this.#counters = new Uint16Array(2 * articles);
    return this.#counters;
  }

  /** The articles that have a hash, after those that left the window are dropped; none for a stock phrase. */
  #alive(group: Group, hash: number, now: number): readonly number[] {
    const postings = group.postings.get(hash);
    if (postings === undefined) return NOBODY;
    if (typeof postings === 'number') return this.#isExpired(group, postings, now) ? NOBODY : [postings];
    while (postings.length > 0 && this.#isExpired(group, postings[0] as number, now)) postings.shift();
    return postings.length >= MAX_POSTINGS ? NOBODY : postings;
  }

  #isExpired(group: Group, number: number, now: number): boolean {
    return (group.articles[number]?.seenAt ?? 0) <= now - this.#sketchWindowMs;
  }

  #store(entry: IndexEntry, verdict: Verdict): Offer {
    const { id, seenAt, source, read, sketch } = entry;
    const group = this.#group(entry.group);
    this.#verdicts.set(id, verdict);
    if (entry.contentHash !== undefined) group.byContent.set(entry.contentHash, { original: verdict.original, seenAt });
    if (source !== undefined && !isRepost(verdict))
      countParagraphs(group.furniture, furnitureKey(source, seenAt), entry.paragraphs);
    if (verdict.kind !== 'exact') {
      const number = group.articles.length;
      const article = {
        id,
        original: verdict.original,
        seenAt,
        size: sketch.hashes.length,
        bound: sketch.bound,
        read,
        source,
      };
      group.articles.push(article);
      this.#articles.set(id, article);
      for (const hash of sketch.hashes) {
        const postings = group.postings.get(hash);
        if (postings === undefined) group.postings.set(hash, number);
        else if (typeof postings === 'number') group.postings.set(hash, [postings, number]);
        else if (postings.length < MAX_POSTINGS) postings.push(number);
      }
    }
    return { state: 'settled', verdict, again: false };
  }
}

const furnitureKey = (source: string | undefined, seenAt: number, blocksAgo = 0) =>
  `${Math.floor(seenAt / (FURNITURE_BLOCK_DAYS * DAY_MS)) - blocksAgo} ${source}`;

function countParagraphs(furniture: Group['furniture'], key: string, paragraphs: number[]): void {
  let counts = furniture.get(key);
  if (counts === undefined) {
    counts = new Map();
    furniture.set(key, counts);
  }
  for (const hash of paragraphs) counts.set(hash, (counts.get(hash) ?? 0) + 1);
}
