import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { ThrottledError } from '../../shared/errors.ts';
import { type ReadText, readText } from './fingerprint.ts';
import { COUNT_SHOWN } from './furniture.lua.ts';
import { FORGET, MATCH_OR_INSERT } from './match-or-insert.lua.ts';
import {
  type Candidate,
  CONTENT_WINDOW_DAYS,
  DAY_MS,
  FURNITURE_BLOCK_DAYS,
  type IndexEntry,
  type IndexedArticle,
  languageGroup,
  MAX_CANDIDATES,
  MAX_POSTINGS,
  MIN_FURNITURE_ARTICLES,
  MIN_SHARED_HASHES,
  matchOrInsert,
  type NearDuplicateIndex,
  type Offer,
  type Placement,
  reconsider,
  SKETCH_WINDOW_DAYS,
  type SketchStore,
  type Verdict,
} from './near-duplicate-index.ts';
import { decodeStoredSketch } from './stored-sketch.ts';

export interface RedisIndexOptions {
  redis: Redis | Cluster;
  /** Title, text and source of an indexed article, from the store that keeps them; undefined when it is gone. */
  loadText(id: string): Promise<IndexedText | undefined>;
  /**
   * Every article that `matchOrInsert` has decided about in the last {@link CONTENT_WINDOW_DAYS} days, oldest first, with its answer:
   * what the index is restored from when Redis was lost.
   */
  stored(): AsyncIterable<StoredArticle> | Iterable<StoredArticle>;
  /** Start of every key. Default `khabar:near:`. */
  prefix?: string;
  /** ms since 1970. Default Date.now. */
  now?: () => number;
}

export type IndexedText = Pick<IndexedArticle, 'title' | 'text' | 'source'>;

export interface StoredArticle extends Verdict {
  id: string;
  language?: string;
  source?: string;
  seenAt: number;
  /** The bytes of {@link Decision.sketch}. */
  sketch: Uint8Array;
}

export interface RedisIndex extends NearDuplicateIndex {
  /** Restores what is missing from `stored`; what is there stays. Safe to repeat and to run beside workers. Returns articles read. */
  rebuild(): Promise<number>;
  /**
   * Forgets a copy, so that it is decided about anew when it is asked about again. Its original must still be in the sketch window, or the copy
   * would pass for an original. False for an article that is no copy.
   */
  forget(article: KnownCopy): Promise<boolean>;
  /** What would be answered about a copy if it were forgotten first. Changes nothing. */
  reconsider(article: IndexedArticle): Promise<Verdict>;
}

/** What of a copy is needed to forget it. */
export type KnownCopy = Pick<StoredArticle, 'id' | 'language' | 'source' | 'seenAt' | 'sketch'>;

/** Part of every key, raised when what the keys hold changes: the index is then missing, and restored. Old keys expire. */
export const LAYOUT = 4;
const DAY_S = 86_400;
/** Twice the window: the TTL is renewed with each new day of `seenAt`, and workers may be days behind. */
const POSTINGS_TTL_S = (2 * SKETCH_WINDOW_DAYS + 1) * DAY_S;
const VERDICT_TTL_S = CONTENT_WINDOW_DAYS * DAY_S;
const FURNITURE_TTL_S = 2 * FURNITURE_BLOCK_DAYS * DAY_S;
const REBUILD_LOCK_S = 60;
const REBUILD_PIPELINE = 200;
/** Texts kept read: the articles that are being copied right now. */
const CACHED_TEXTS = 512;
const ALL_HASHES = 2 ** 32;

const KIND_CODES = { u: undefined, x: 'exact', n: 'near', c: 'contained' } as const;
const METHOD_CODES = { h: 'content-hash', s: 'shingles', k: 'sketch', '-': undefined } as const;

/**
 * The index that all workers share. One script call settles an article that is like no other or equal to one; an article with
 * candidates costs one call more. Same answers as {@link createMemoryIndex} for the same stream.
 *
 * A stage uses it like this, so that a crash anywhere is repaired by running again:
 *   1. load the article; it must be in state `extracted`;
 *   2. `decision = await index.matchOrInsert(article)`; a repeat answers as before (`again`);
 *   3. one guarded update in MongoDB: state, `dup` and `sketch` together;
 *   4. emit.
 * The text must be in MongoDB before step 2, because other workers may ask for it from then on. An article decided in step 2 and never
 * saved in step 3 is repeated by its own retry; an article whose Redis record is lost before step 3 is simply decided anew.
 *
 * When Redis was emptied the marker key is gone: the first worker to notice rebuilds from `stored` under a lock, and the others throw
 * ThrottledError `NEAR_INDEX_REBUILDING` until it is done.
 */
export function createRedisIndex(options: RedisIndexOptions): RedisIndex {
  const store = new RedisStore(options);
  return {
    matchOrInsert: (article) => matchOrInsert(store, article),
    rebuild: () => store.rebuild(),
    forget: (article) => store.forget(article),
    reconsider: (article) => reconsider(store, article),
  };
}

type Decided = { verdict: Verdict; upTo: number } | undefined;

type Reply = [0] | [1, Buffer, number] | [2, number, ...(number | Buffer)[]];

/** By which Redis knows a script it has seen. */
const SHA1 = new Map(
  [MATCH_OR_INSERT, FORGET, COUNT_SHOWN].map((script) => [script, createHash('sha1').update(script).digest('hex')]),
);

class RedisStore implements SketchStore {
  readonly #redis: Redis | Cluster;
  readonly #options: RedisIndexOptions;
  readonly #prefix: string;
  readonly #now: () => number;
  /** The calls of one process wait for one restoration. */
  #restoring: Promise<void> | undefined;
  readonly #texts = new Map<string, { read: ReadText; source: string | undefined }>();

  constructor(options: RedisIndexOptions) {
    this.#redis = options.redis;
    this.#options = options;
    this.#prefix = options.prefix ?? 'khabar:near:';
    this.#now = options.now ?? Date.now;
  }

  async furniture(placement: Placement, paragraphs: number[]): Promise<ReadonlySet<number>> {
    const shown = (await this.#run(COUNT_SHOWN, [
      this.#base(placement.group),
      blockKey(placement, 0),
      blockKey(placement, 1),
      ...paragraphs.flatMap(countersOf),
    ])) as number[];
    return new Set(paragraphs.filter((_, i) => (shown[i] as number) >= MIN_FURNITURE_ARTICLES));
  }

  offer(entry: IndexEntry, decided?: { verdict: Verdict; upTo: number }): Promise<Offer> {
    return this.#ask(entry, decided, 'offer');
  }

  peek(entry: IndexEntry): Promise<Offer> {
    return this.#ask(entry, undefined, 'peek');
  }

  async #ask(entry: IndexEntry, decided: Decided, mode: 'offer' | 'peek'): Promise<Offer> {
    const reply = (await this.#run(MATCH_OR_INSERT, this.#arguments(entry, decided, mode))) as Reply;
    if (reply[0] === 1) return { state: 'settled', verdict: decodeVerdict(reply[1].toString()), again: reply[2] === 1 };
    if (reply[0] === 2) {
      const alive = entry.seenAt - SKETCH_WINDOW_DAYS * DAY_MS;
      return { state: 'undecided', upTo: reply[1], candidates: readCandidates(reply.slice(2), alive) };
    }
    await this.#recover(entry.group);
    return { state: 'restored' };
  }

  async load(id: string): Promise<{ read: ReadText; source: string | undefined } | undefined> {
    const cached = this.#texts.get(id);
    if (cached !== undefined) return cached;
    const found = await this.#options.loadText(id);
    if (found === undefined) return undefined;
    const text = { read: readText(found.title, found.text), source: found.source };
    this.#texts.set(id, text);
    const oldest = this.#texts.size > CACHED_TEXTS ? this.#texts.keys().next().value : undefined;
    if (oldest !== undefined) this.#texts.delete(oldest);
    return text;
  }

  async rebuild(): Promise<number> {
    const groups = new Set<string>();
    let read = 0;
    let batch: (string | number | Buffer)[][] = [];
    // Sent together: what fails while the next article is waited for would be heard by nobody, and end the process.
    const send = async () => {
      await Promise.all(batch.map((args) => this.#run(MATCH_OR_INSERT, args)));
      batch = [];
    };
    for await (const article of this.#options.stored()) {
      const stored = decodeStoredSketch(article.sketch);
      const age = this.#now() - article.seenAt;
      read++;
      if (stored === undefined || age > CONTENT_WINDOW_DAYS * DAY_MS) continue;
      const { id, source, seenAt, language, ...verdict } = article;
      const group = languageGroup(language);
      groups.add(group);
      const entry = { ...stored, id, group, source, seenAt };
      if (age > SKETCH_WINDOW_DAYS * DAY_MS) entry.sketch = { ...stored.sketch, hashes: new Uint32Array() };
      batch.push(this.#arguments(entry, { verdict, upTo: 0 }, 'restore'));
      if (batch.length >= REBUILD_PIPELINE) await send();
    }
    await send();
    await Promise.all([...groups].map((group) => this.#redis.set(`${this.#base(group)}m`, '1')));
    await this.#redis.set(this.#epochKey(), String(this.#now()));
    return read;
  }

  async forget({ id, language, source, seenAt, sketch }: KnownCopy): Promise<boolean> {
    const stored = decodeStoredSketch(sketch);
    if (stored === undefined) return false;
    const group = languageGroup(language);
    const counters = this.#counters({ ...stored, source });
    const reply = await this.#run(FORGET, [
      this.#base(group),
      id,
      stored.contentHash ?? '',
      packHashes(stored.sketch.hashes),
      counters.length === 0 ? '' : blockKey({ group, source, seenAt }, 0),
      ...counters,
    ]);
    return reply === 1;
  }

  /** A language without a marker is either new or lost; without the epoch of the whole index everything is. */
  async #recover(group: string): Promise<void> {
    this.#restoring ??= this.#restoreIfLost().finally(() => {
      this.#restoring = undefined;
    });
    await this.#restoring;
    await this.#redis.set(`${this.#base(group)}m`, '1');
  }

  async #restoreIfLost(): Promise<void> {
    if ((await this.#redis.exists(this.#epochKey())) === 0) {
      const lock = `${this.#prefix}rebuilding`;
      if ((await this.#redis.set(lock, '1', 'EX', REBUILD_LOCK_S, 'NX')) === null) {
        throw new ThrottledError('NEAR_INDEX_REBUILDING', 'the near-duplicate index is being rebuilt', 1000);
      }
      const renewal = setInterval(
        () => void this.#redis.expire(lock, REBUILD_LOCK_S).catch(() => {}),
        (REBUILD_LOCK_S * 1000) / 3,
      );
      try {
        await this.rebuild();
      } finally {
        clearInterval(renewal);
        await this.#redis.del(lock);
      }
    }
  }

  #base(group: string): string {
    return `${this.#prefix}${LAYOUT}:{${group}}:`;
  }

  #epochKey(): string {
    return `${this.#prefix}${LAYOUT}:epoch`;
  }

  #arguments(
    entry: Omit<IndexEntry, 'read'>,
    decided: Decided,
    mode: 'offer' | 'restore' | 'peek',
  ): (string | number | Buffer)[] {
    const { id, sketch, seenAt } = entry;
    const day = Math.floor(seenAt / DAY_MS);
    const counters = this.#counters(entry);
    return [
      this.#base(entry.group),
      id,
      entry.contentHash ?? '',
      packHashes(sketch.hashes),
      day,
      packHead(entry),
      decided === undefined ? '' : encodeVerdict(decided.verdict),
      decided?.upTo ?? 0,
      mode,
      encodeVerdict({ original: id }),
      day - SKETCH_WINDOW_DAYS,
      POSTINGS_TTL_S,
      VERDICT_TTL_S,
      MAX_POSTINGS,
      MIN_SHARED_HASHES,
      MAX_CANDIDATES,
      sketch.hashes.length >= MIN_SHARED_HASHES ? '1' : '',
      counters.length === 0 ? '' : blockKey(entry, 0),
      FURNITURE_TTL_S,
      ...counters,
    ];
  }

  /** Those an article raises: an outlet that is not known has no furniture. */
  #counters({ source, paragraphs }: Pick<IndexEntry, 'source' | 'paragraphs'>): number[] {
    return source === undefined ? [] : [...new Set(paragraphs.flatMap(countersOf))];
  }

  /** The first of `args` is the script's only key. */
  async #run(script: string, args: (string | number | Buffer)[]): Promise<unknown> {
    try {
      return await this.#redis.callBuffer('EVALSHA', SHA1.get(script) as string, 1, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return this.#redis.callBuffer('EVAL', script, 1, ...args);
    }
  }
}

/** Three counters of a paragraph, below 2^16. */
function countersOf(paragraph: number): number[] {
  return [paragraph & 0xffff, paragraph >>> 16, Math.imul(paragraph, 0x9e3779b1) >>> 16];
}

function blockKey({ source, seenAt }: Placement, blocksAgo: number): string {
  return `${Math.floor(seenAt / (FURNITURE_BLOCK_DAYS * DAY_MS)) - blocksAgo}:${source}`;
}

function packHashes(hashes: Uint32Array): Buffer {
  const bytes = Buffer.allocUnsafe(hashes.length * 4);
  for (let i = 0; i < hashes.length; i++) bytes.writeUInt32LE(hashes[i] as number, i * 4);
  return bytes;
}

/** Size of the sketch u16, its bound u32 (0 for 2^32), seconds since 1970 u32. */
function packHead({ sketch, seenAt }: Pick<IndexEntry, 'sketch' | 'seenAt'>): Buffer {
  const head = Buffer.allocUnsafe(10);
  head.writeUInt16BE(sketch.hashes.length, 0);
  head.writeUInt32BE(sketch.bound === ALL_HASHES ? 0 : sketch.bound, 2);
  head.writeUInt32BE(Math.max(0, Math.floor(seenAt / 1000)), 6);
  return head;
}

/** Days are the grain of what the script leaves out; `alive` is the moment an article must have been seen after. */
function readCandidates(reply: (number | Buffer)[], alive: number): Candidate[] {
  const candidates: Candidate[] = [];
  for (let i = 0; i + 1 < reply.length; i += 2) {
    const record = reply[i + 1] as Buffer;
    if (record.readUInt32BE(6) * 1000 <= alive) continue;
    const nul = record.indexOf(0, 10);
    const id = record.toString('utf8', 10, nul);
    const original = record.toString('utf8', nul + 1) || id;
    const bound = record.readUInt32BE(2) || ALL_HASHES;
    candidates.push({ id, original, shared: Number(reply[i]), size: record.readUInt16BE(0), bound });
  }
  return candidates;
}

const codeOf = <T>(codes: Record<string, T>, value: T) =>
  Object.entries(codes).find(([, known]) => known === value)?.[0] as string;

/** Kind, method, similarity to four digits, id of the original. */
function encodeVerdict({ original, kind, method, similarity }: Verdict): string {
  return `${codeOf(KIND_CODES, kind)}${codeOf(METHOD_CODES, method)}${(similarity ?? 0).toFixed(4)}${original}`;
}

function decodeVerdict(text: string): Verdict {
  const kind = KIND_CODES[text[0] as keyof typeof KIND_CODES];
  const method = METHOD_CODES[text[1] as keyof typeof METHOD_CODES];
  const original = text.slice(8);
  if (kind === undefined) return { original };
  return { original, kind, ...(method !== undefined && { method }), similarity: Number(text.slice(2, 8)) };
}
