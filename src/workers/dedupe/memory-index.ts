import type { ReadText } from './fingerprint.ts';
import {
  type Candidate,
  type IndexEntry,
  MAX_CANDIDATES,
  MAX_POSTINGS,
  MIN_FURNITURE_ARTICLES,
  MIN_SHARED_HASHES,
  matchOrInsert,
  type NearDuplicateIndex,
  type Offer,
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
  /** Numbers of the articles that have a hash, oldest first. */
  postings: Map<number, number[]>;
  byContent: Map<string, { original: string; seenAt: number }>;
  /** How many articles of a source showed a paragraph. */
  furniture: Map<string, Map<number, number>>;
}

const DAY_MS = 86_400_000;

/** The index of one process: for the library, one-off runs and tests. Keeps about 4 kB per article. */
export function createMemoryIndex(options: MemoryIndexOptions = {}): NearDuplicateIndex {
  const store = new MemoryStore(options);
  return { matchOrInsert: (article) => matchOrInsert(store, article) };
}

class MemoryStore implements SketchStore {
  readonly #sketchWindowMs: number;
  readonly #contentWindowMs: number;
  readonly #groups = new Map<string, Group>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #articles = new Map<string, Remembered>();

  constructor({
    sketchWindowDays = Number.POSITIVE_INFINITY,
    contentWindowDays = Number.POSITIVE_INFINITY,
  }: MemoryIndexOptions) {
    this.#sketchWindowMs = sketchWindowDays * DAY_MS;
    this.#contentWindowMs = contentWindowDays * DAY_MS;
  }

  async furniture(group: string, source: string, paragraphs: number[]): Promise<ReadonlySet<number>> {
    const counts = this.#group(group).furniture.get(source);
    const furniture = new Set<number>();
    for (const hash of paragraphs) if ((counts?.get(hash) ?? 0) >= MIN_FURNITURE_ARTICLES) furniture.add(hash);
    return furniture;
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
    const shared = new Map<number, number>();
    for (const hash of entry.sketch.hashes) {
      const postings = group.postings.get(hash);
      if (postings === undefined || postings.length >= MAX_POSTINGS) continue;
      for (const number of postings) if (number >= from) shared.set(number, (shared.get(number) ?? 0) + 1);
    }
    const candidates: (Candidate & { number: number })[] = [];
    for (const [number, count] of shared) {
      const article = group.articles[number];
      if (count < MIN_SHARED_HASHES || article === undefined) continue;
      if (article.seenAt <= entry.seenAt - this.#sketchWindowMs) continue;
      candidates.push({ ...article, number, shared: count });
    }
    return candidates.sort((a, b) => b.shared - a.shared || a.number - b.number).slice(0, MAX_CANDIDATES);
  }

  #store(entry: IndexEntry, verdict: Verdict): Offer {
    const { id, seenAt, source, read, sketch } = entry;
    const group = this.#group(entry.group);
    this.#verdicts.set(id, verdict);
    if (entry.contentHash !== undefined) group.byContent.set(entry.contentHash, { original: verdict.original, seenAt });
    if (source !== undefined) countParagraphs(group.furniture, source, entry.paragraphs);
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
        if (postings === undefined) group.postings.set(hash, [number]);
        else if (postings.length < MAX_POSTINGS) postings.push(number);
      }
    }
    return { state: 'settled', verdict, again: false };
  }
}

function countParagraphs(furniture: Group['furniture'], source: string, paragraphs: number[]): void {
  let counts = furniture.get(source);
  if (counts === undefined) {
    counts = new Map();
    furniture.set(source, counts);
  }
  for (const hash of paragraphs) counts.set(hash, (counts.get(hash) ?? 0) + 1);
}
