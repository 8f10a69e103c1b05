import type { Casualty, Dateline, DateMention, Entity, Quote } from './analysis.ts';
import type { DuplicateKind } from './dedupe.ts';
import type { Direction, FurtherPages, Paragraph } from './extracted-article.ts';
import type { GeoPoint } from './feed.ts';

/** Where an article stands on the line. `ended` is an expected ending short of publication: see `outcome`. */
export type ArticleState =
  | 'discovered'
  | 'fetched'
  | 'extracted'
  | 'unique'
  | 'enriched'
  | 'published'
  | 'duplicate'
  | 'ended'
  | 'quarantined';

/** One step of an article, so that "where did this article go?" has an answer. */
export interface TraceLine {
  stage: string;
  outcome: string;
  ms: number;
  /** Version of the stage that did it. */
  version: number;
  at: Date;
}

/** What differs between two texts at one place: at paragraph `at` of the newer one, `added` stand for `removed`. */
export interface ParagraphChange {
  at: number;
  removed: string[];
  added: string[];
}

/** A text that the publisher has since replaced. With the texts after it, `diff` gives it back word for word. */
export interface EarlierVersion {
  /** From 1. */
  n: number;
  title: string;
  textHash: string;
  /** When the text that replaced it was read. */
  replacedAt: Date;
  /** From this text to the next. */
  diff: ParagraphChange[];
}

/** What an outlet made of a text it took over. Shares of words that stand in runs of three or more which both texts have, 0 to 1. */
export interface Reprint {
  /** Id of the article whose text it is. */
  of: string;
  /** Share of that text which is kept; the rest was left out or rewritten. */
  kept: number;
  /** Share of this text that is its own. */
  added: number;
  /** The agency this text credits. */
  credit?: string;
}

/** A page that an article goes on on (`next`), is whole on (`single`), or may be better read from (`amp`). */
export interface FurtherPage {
  kind: keyof FurtherPages;
  url: string;
  /** How its fetching ended: `fetched`, or why there is nothing. Absent while it is still to be fetched. */
  outcome?: string;
}

/** The `articles` document: one per article, in all its states. Groups are filled as the stages run. */
export interface Article {
  /** ULID. */
  _id: string;
  schemaVersion: number;
  state: ArticleState;
  /** Outcome of the latest stage. */
  outcome: string;
  /** When the state last changed. */
  movedAt: Date;
  /** When the scheduler looks whether it still has a job; absent once nothing is left to do. */
  dueBy?: Date;
  /** How often its job was lost, and it was enqueued again. */
  reconciled: number;
  trace: TraceLine[];
  quarantine?: { stage: string; code: string; message: string; at: Date; from: ArticleState };

  /** Canonical keys of every URL this article is known by; unique over the collection. */
  urlKeys: string[];
  /** `<feed id> <entry key>` of every feed entry that led here. */
  entryKeys: string[];
  /** The URL to fetch, and after fetching the one that answered. */
  url: string;
  originalUrl: string;
  canonicalUrl?: string;
  feeds: { feedId: string; firstSeenAt: Date }[];
  source: { name: string; domain: string };
  /** What the feed said of it. */
  entry: {
    title?: string;
    summary?: string;
    contentHtml?: string;
    publishedAt?: string;
    authors: string[];
    categories: string[];
    point?: GeoPoint;
    fingerprint?: string;
    /** It has no page of its own: what the feed carries is the article. */
    unlinked?: boolean;
  };
  firstSeenAt: Date;

  /** Pages that its first page has led to, in the order in which they are read. */
  furtherPages?: FurtherPage[];
  fetch?: { status: number; ms: number; bytes: number; contentType?: string; redirects: number; at: Date };

  title?: string;
  subtitle?: string;
  text?: string;
  body?: Paragraph[];
  html?: string;
  authors?: string[];
  agency?: string;
  publishedAt?: Date;
  publishedSource?: string;
  modifiedAt?: Date;
  siteName?: string;
  section?: string;
  keywords?: string[];
  leadImage?: string;
  paywalled?: boolean;
  liveBlog?: boolean;
  wordCount?: number;
  lang?: string;
  script?: string;
  dir?: Direction;
  langConfidence?: number;
  extract?: { method: string; score: number; version: number; warnings: string[]; at: Date };

  /** Number of the text as it is now; absent while there has been one only. */
  version?: number;
  /** Oldest first, the latest few. */
  versions?: EarlierVersion[];
  /** Its feed has changed the entry, and a second look is under way: how the article stood before. */
  revisit?: Pick<Article, 'state' | 'outcome' | 'movedAt'>;
  /** The latest second look, and how many in a row found nothing new. */
  revisited?: { at: Date; fruitless: number };

  dup?: { of: string; kind: DuplicateKind; score: number; method: string };
  /** The copy of this article whose text it is, where that is not itself: it is earlier, or the agency's own. */
  origin?: string;
  /** Of a text that others have too, and that is not the origin itself: how it differs from the origin's. */
  reprint?: Reprint;
  storyId?: string;
  /** The near-duplicate sketch, so that the index in Redis can be built again. */
  sketch?: Uint8Array;

  dateline?: Dateline;
  entities?: Entity[];
  quotes?: Quote[];
  casualties?: Casualty[];
  dates?: DateMention[];
  /** Entities and quotations as the analysis found them, where decisions of operators have changed them. */
  asFound?: { entities: Entity[]; quotes: Quote[] };
  /** Normalised copies that full-text search reads. */
  norm?: { title: string; text: string };
  /** `decisions`: number of the last decision about entities that it obeys. */
  enrich?: { version: number; at: Date; decisions?: number };

  /** Order of publication, for cursors. */
  seq?: number;
  storedAt?: Date;
}
