import type { DuplicateKind } from '../../shared/model.ts';
import { type Comparison, compare, guardsOf } from './compare.ts';
import { type Fingerprint, fingerprint, type ReadText, readText } from './fingerprint.ts';
import { estimateContainment, type Sketch, sketchOf } from './sketch.ts';
import { encodeStoredSketch } from './stored-sketch.ts';

/** Finds the original an article is a copy of, or remembers it as one. One implementation serves one process, one all workers. */
export interface NearDuplicateIndex {
  /**
   * Decides about an article and takes it in, as one atomic step: of two copies that arrive at once, one is the original.
   * Asked again about an article it knows, it repeats its answer (`again`), so the stage may crash and run twice.
   * Rejects with what the store behind it throws.
   */
  matchOrInsert(article: IndexedArticle): Promise<Decision>;
}

export interface IndexedArticle {
  id: string;
  title: string;
  text: string;
  /** ISO 639; copies are looked for within one language. */
  language?: string;
  /** The outlet, whose repeated paragraphs are page furniture. */
  source?: string;
  /** When Khabar first saw it, in ms since 1970. Windows count from here. */
  seenAt: number;
}

export interface Decision {
  /** The first article seen of the cluster; its own id for an article that is no copy. */
  original: string;
  kind?: DuplicateKind;
  /** Share of the shorter text that the longer one has, 0 to 1. */
  similarity?: number;
  /** Layer that decided: equal word streams, full shingle sets, or sketches alone (the candidate's text was gone). */
  method?: MatchMethod;
  /** The answer of an earlier call for the same id. */
  again: boolean;
  /** To be kept beside the article: `rebuild` restores the index from these. */
  sketch: Uint8Array;
}

export const DAY_MS = 86_400_000;

export type MatchMethod = 'content-hash' | 'shingles' | 'sketch';

/** Days after which an article is no longer found as a near-duplicate, and as an exact copy. */
export const SKETCH_WINDOW_DAYS = 7;
export const CONTENT_WINDOW_DAYS = 30;

/**
 * Least share of the shorter text for a copy. Measured on full shingle sets; light rewriting of 40 % of the words leaves about this
 * much, and other reports of the same event stay below .2.
 */
export const MIN_CONTAINMENT = 0.38;
/** A copy of a copy must still share this much with the first article, else clusters drift. */
const MIN_CONTAINMENT_OF_ORIGINAL = 0.2;
/** Shared sketch hashes that make an article worth comparing. */
export const MIN_SHARED_HASHES = 3;
/** An article's hash that this many others have is a stock phrase and no sign of copying. */
export const MAX_POSTINGS = 64;
/** Candidates the store hands out, those with the most shared hashes. */
export const MAX_CANDIDATES = 12;
/** Clusters compared in full. */
const MAX_COMPARED = 4;
/** Estimated containment below which comparing in full is not worth it. */
const MIN_ESTIMATE = 0.2;
/** Needed when the candidate's text is gone and the estimate must do. */
const MIN_CONTAINMENT_BY_SKETCH = 0.6;
/** Shorter than this share of the longer text, a copy counts as contained: an excerpt, or the full version of a flash. */
const MAX_CONTAINED_RATIO = 0.6;
/** Articles of one source that must have shown a paragraph before it counts as page furniture. */
export const MIN_FURNITURE_ARTICLES = 2;
/** Share of the shorter text that makes a copy a repost, whose paragraphs are not counted again. */
export const MIN_REPOST_SIMILARITY = 0.9;
/** Paragraphs are counted in blocks of so many days, and the last two blocks count. */
export const FURNITURE_BLOCK_DAYS = 4;
/** Paragraphs of an article that are counted: a live blog has thousands. */
const MAX_PARAGRAPHS = 200;
/** Texts of fewer words are equal by chance. */
export const MIN_WORDS = 5;

/** What the store keeps of an article. */
export interface IndexEntry extends Placement {
  id: string;
  contentHash: string | undefined;
  sketch: Sketch;
  /** Hashes of its short paragraphs, distinct. */
  paragraphs: number[];
  /** The words themselves, for stores that keep texts. */
  read: ReadText;
}

/** An indexed article that shares hashes with the one asked about. */
export interface Candidate {
  id: string;
  original: string;
  shared: number;
  /** Hashes and bound of its sketch. */
  size: number;
  bound: number;
}

export type Verdict = Pick<Decision, 'original' | 'kind' | 'similarity' | 'method'>;

export type Offer =
  | { state: 'settled'; verdict: Verdict; again: boolean }
  /** Nothing was stored. `upTo` is the newest article that was looked at. */
  | { state: 'undecided'; candidates: Candidate[]; upTo: number }
  /** The store was found lost and has been restored: what was read from it before, furniture too, was wrong. */
  | { state: 'restored' };

/** The state behind an index. Each call is atomic. */
export interface SketchStore {
  /**
   * Those of the paragraphs that at least {@link MIN_FURNITURE_ARTICLES} articles of the source have shown in this block of
   * {@link FURNITURE_BLOCK_DAYS} days and the one before.
   */
  furniture(placement: Placement, paragraphs: number[]): Promise<ReadonlySet<number>>;
  /**
   * Answers from what is stored, or stores: a known id gives its verdict again, an equal content hash makes an exact copy, no candidate
   * makes an original. With candidates the caller decides and offers again with its verdict, which is stored unless a new candidate
   * came in after `upTo`.
   */
  offer(entry: IndexEntry, decided?: { verdict: Verdict; upTo: number }): Promise<Offer>;
  /** The text of an indexed article; undefined when it is gone. */
  load(id: string): Promise<{ read: ReadText; source?: string | undefined } | undefined>;
}

/** {@link NearDuplicateIndex.matchOrInsert} over any store: every index gives the same answers because this decides for all. */
export async function matchOrInsert(store: SketchStore, article: IndexedArticle): Promise<Decision> {
  for (;;) {
    const { entry, print } = await prepare(store, article);
    let offer = await store.offer(entry);
    while (offer.state === 'undecided') {
      const verdict = await decide(store, entry, print, offer.candidates);
      offer = await store.offer(entry, { verdict, upTo: offer.upTo });
    }
    if (offer.state === 'settled') return { ...offer.verdict, again: offer.again, sketch: encodeStoredSketch(entry) };
  }
}

/** What {@link matchOrInsert} would answer about a copy that the store knows, were it not for its first answer. */
export async function reconsider(
  store: SketchStore & { peek(entry: IndexEntry): Promise<Offer> },
  article: IndexedArticle,
): Promise<Verdict> {
  for (;;) {
    const { entry, print } = await prepare(store, article);
    const offer = await store.peek(entry);
    if (offer.state === 'settled') return offer.verdict;
    if (offer.state === 'undecided')
      return decide(
        store,
        entry,
        print,
        offer.candidates.filter(({ id }) => id !== article.id),
      );
  }
}

/** Reads an article, leaves out the furniture of its source, and sketches the rest. */
async function prepare(
  store: SketchStore,
  article: IndexedArticle,
): Promise<{ entry: IndexEntry; print: Fingerprint }> {
  const read = readText(article.title, article.text);
  const { id, source, seenAt } = article;
  const group = languageGroup(article.language);
  const print = await withoutFurniture(store, { group, source, seenAt }, read);
  const entry: IndexEntry = {
    id,
    group,
    source,
    seenAt,
    contentHash: read.words.length < MIN_WORDS ? undefined : print.contentHash,
    sketch: sketchOf(print.shingles),
    paragraphs: source === undefined ? [] : shortParagraphs(read),
    read,
  };
  return { entry, print };
}

/** Where and when a paragraph was shown, as far as its being furniture depends on it. */
export interface Placement {
  group: string;
  source: string | undefined;
  seenAt: number;
}

async function withoutFurniture(store: SketchStore, placement: Placement, read: ReadText): Promise<Fingerprint> {
  const paragraphs = placement.source === undefined ? [] : shortParagraphs(read);
  if (paragraphs.length === 0) return fingerprint(read);
  const furniture = await store.furniture(placement, paragraphs);
  return fingerprint(read, furniture.size === 0 ? undefined : ({ hash }) => furniture.has(hash));
}

function shortParagraphs(read: ReadText): number[] {
  return [...new Set(read.paragraphs.filter(({ short }) => short).map(({ hash }) => hash))].slice(0, MAX_PARAGRAPHS);
}

/** The candidate as it would be read today: what has become furniture since is left out. */
async function load(store: SketchStore, entry: IndexEntry, id: string): Promise<Fingerprint | undefined> {
  const found = await store.load(id);
  if (found === undefined) return undefined;
  return withoutFurniture(store, { group: entry.group, source: found.source, seenAt: entry.seenAt }, found.read);
}

/** The primary subtag of a language tag: copies never cross languages, so each language is an index of its own. */
export function languageGroup(language: string | undefined): string {
  return /^[a-z]{2,3}/.exec(language?.toLowerCase() ?? '')?.[0] ?? 'und';
}

async function decide(
  store: SketchStore,
  entry: IndexEntry,
  print: Fingerprint,
  candidates: Candidate[],
): Promise<Verdict> {
  let best: Verdict = { original: entry.id };
  for (const candidate of mostAlike(entry.sketch, candidates)) {
    const match = await compareWith(store, entry, print, candidate);
    if (match !== undefined && (match.similarity ?? 0) > (best.similarity ?? 0)) best = match;
  }
  return best;
}

/** The most alike article of each cluster, most alike first. */
function mostAlike(sketch: Sketch, candidates: Candidate[]): (Candidate & { estimate: number })[] {
  const scored = candidates
    .map((candidate) => ({ ...candidate, estimate: estimateContainment(sketch, candidate, candidate.shared) }))
    .filter(({ estimate }) => estimate >= MIN_ESTIMATE)
    .sort((a, b) => b.estimate - a.estimate || (a.id < b.id ? -1 : 1));
  const clusters = new Map<string, (typeof scored)[number]>();
  for (const candidate of scored) if (!clusters.has(candidate.original)) clusters.set(candidate.original, candidate);
  return [...clusters.values()].slice(0, MAX_COMPARED);
}

async function compareWith(
  store: SketchStore,
  entry: IndexEntry,
  print: Fingerprint,
  candidate: Candidate & { estimate: number },
): Promise<Verdict | undefined> {
  const other = await load(store, entry, candidate.id);
  if (other === undefined) {
    if (candidate.estimate < MIN_CONTAINMENT_BY_SKETCH) return undefined;
    return { original: candidate.original, kind: 'near', similarity: round(candidate.estimate), method: 'sketch' };
  }
  const comparison = compare(print, other);
  if (!isCopy(comparison)) return undefined;
  if (candidate.original !== candidate.id) {
    const original = await load(store, entry, candidate.original);
    if (original !== undefined && compare(print, original).containment < MIN_CONTAINMENT_OF_ORIGINAL) return undefined;
  }
  return {
    original: candidate.original,
    kind: comparison.lengthRatio < MAX_CONTAINED_RATIO ? 'contained' : 'near',
    similarity: round(comparison.containment),
    method: 'shingles',
  };
}

/**
 * A text shown again, grown or cut: that its paragraphs come back says nothing about their being furniture. A copy that shares less
 * counts, because it may be one by its furniture alone, until that is known.
 */
export function isRepost({ kind, similarity = 0 }: Verdict): boolean {
  return kind !== undefined && similarity >= MIN_REPOST_SIMILARITY;
}

/** To the digits that every store keeps. */
const round = (share: number) => Math.round(share * 10_000) / 10_000;

export function isCopy(comparison: Comparison): boolean {
  return comparison.containment >= MIN_CONTAINMENT && guardsOf(comparison).length === 0;
}
