/**
 * The records of the line, in the order data flows: feed → entry → page → article.
 * What the public functions return (`khabar/feed`, `khabar/extract`, `khabar/text`, `khabar/dedupe`) is declared here,
 * so that stages, stores and the API share one set of names. Dates in these results are ISO 8601 strings.
 */

export type Direction = 'ltr' | 'rtl';

// --- khabar/feed -----------------------------------------------------------------------------------------------------

export interface Enclosure {
  url: string;
  type?: string;
  length?: number;
}

/** One item of a feed. */
export interface Entry {
  guid?: string;
  link?: string;
  title?: string;
  summary?: string;
  contentHtml?: string;
  publishedAt?: string;
  updatedAt?: string;
  authors: string[];
  categories: string[];
  enclosures: Enclosure[];
  /** Where it happened, by GeoRSS or W3C geo. */
  point?: GeoPoint;
  /** How many comments of readers it had. */
  comments?: number;
  /** URL or id of what it answers. */
  inReplyTo?: string;
}

/** In degrees of WGS 84. */
export interface GeoPoint {
  lat: number;
  lon: number;
}

/** A parsed feed document. */
export interface Feed {
  kind: 'rss' | 'atom' | 'rdf' | 'json' | 'sitemap';
  title?: string;
  link?: string;
  language?: string;
  description?: string;
  updatedAt?: string;
  /** The publisher's own lower bound between polls, from ttl or sy:*. */
  ttlMinutes?: number;
  /** WebSub hubs. */
  hubs?: string[];
  /** The feed's own address by its self link: the topic of a WebSub subscription. */
  selfUrl?: string;
  /** UTC hours 0–23 the publisher asks not to be polled in (RSS skipHours). */
  skipHours?: number[];
  /** UTC days, 0 = Sunday, the publisher asks not to be polled on (RSS skipDays). */
  skipDays?: number[];
  /** The document stopped before its end; its unclosed last entry was dropped. */
  truncated?: boolean;
  /** Of a sitemap index, which has no entries of its own. */
  sitemaps?: { url: string; updatedAt?: string }[];
  entries: Entry[];
  /** Recoverable trouble, for people. */
  warnings: string[];
}

export interface OpmlFeed {
  url: string;
  title?: string;
  siteUrl?: string;
  /** Names of the outlines around it, outermost first. */
  folders: string[];
}

// --- khabar/extract --------------------------------------------------------------------------------------------------

export type ParagraphType = 'p' | 'h2' | 'quote' | 'list' | 'figure' | 'table' | 'embed';

export interface Paragraph {
  type: ParagraphType;
  text: string;
}

/** Addresses of the same article that a page names beside its own. */
export interface FurtherPages {
  /** Its pages after this one, in order. */
  next: string[];
  /** All of them on one page. */
  single?: string;
  /** The AMP rendering. */
  amp?: string;
}

export interface ExtractedArticle {
  title: string;
  subtitle?: string;
  text: string;
  paragraphs: Paragraph[];
  /** Sanitised copy of the body, safe to show. */
  html?: string;
  authors: string[];
  /** Wire credit, for example Reuters. */
  agency?: string;
  publishedAt?: string;
  /** Where publishedAt was found: jsonld, meta, itemprop, time, url, text. */
  publishedSource?: string;
  modifiedAt?: string;
  siteName?: string;
  language?: string;
  direction: Direction;
  canonicalUrl?: string;
  leadImage?: string;
  section?: string;
  keywords: string[];
  paywalled?: boolean;
  liveBlog?: boolean;
  /** False when the page looks like a section front or tag page rather than an article. */
  isArticle?: boolean;
  /** Why not, when `isArticle` is false. */
  notArticleReason?: string;
  wordCount?: number;
  /** Which strategy found the body. */
  method: string;
  /** 0 to 1: how sure the extractor is of the body. */
  score: number;
  /** Absent when the page names none. */
  furtherPages?: FurtherPages;
  /** Keys of paragraphs left out because they were said to recur on the site. */
  furniture?: string[];
  warnings: string[];
}

// --- khabar/text -----------------------------------------------------------------------------------------------------

export type EntityType = 'person' | 'organization' | 'location';

export interface DetectedLanguage {
  /** ISO 639 code, or `und` when unsure. */
  language: string;
  /** ISO 15924 code, for example Arab. */
  script: string;
  direction: Direction;
  /** 0 to 1. */
  confidence: number;
}

/** A span of the text, in UTF-16 code units, end exclusive. */
export interface Span {
  text: string;
  start: number;
  end: number;
}

export interface Mention extends Span {
  type: EntityType;
  confidence: number;
}

export interface Entity {
  id: string;
  type: EntityType;
  name: string;
  /** Names by language code. */
  names: Record<string, string>;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  lat?: number;
  lon?: number;
  /** Titles and functions the text gives a person. */
  roles: string[];
  mentions: Span[];
}

export interface Dateline extends Span {
  places: string[];
  agency?: string;
}

export interface Quote extends Span {
  speaker?: string;
  speakerEntityId?: string;
  verb?: string;
  direct: boolean;
  /** The text does not name its source (a security source, witnesses); `speaker` is then the phrase it uses. */
  anonymous?: boolean;
}

export interface Casualty extends Span {
  kind: 'killed' | 'wounded' | 'missing';
  count: number;
  who?: string;
}

export interface DateMention extends Span {
  from?: string;
  to?: string;
}

export interface Analysis {
  language: string;
  direction: Direction;
  dateline?: Dateline;
  entities: Entity[];
  quotes: Quote[];
  casualties: Casualty[];
  dates: DateMention[];
}

// --- khabar/dedupe ---------------------------------------------------------------------------------------------------

export type DuplicateKind = 'exact' | 'near' | 'contained';

export interface DedupeInput {
  id: string;
  title: string;
  text: string;
  language?: string;
  url?: string;
  /** Name or host of the outlet. */
  source?: string;
  publishedAt?: string;
}

export interface DedupeDecision {
  duplicateOf?: string;
  kind?: DuplicateKind;
  storyId: string;
  /** 0 to 1, containment of the smaller sketch. */
  similarity?: number;
}

// --- the records in MongoDB ------------------------------------------------------------------------------------------

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

/**
 * What the polls of a feed have taught about its rhythm and health; kept on the feed, changed only by `planNextPoll`.
 * Times are epoch milliseconds, so that it is the same in JSON and in the store.
 */
export interface FeedSchedule {
  /** Between polls, before publisher's hints, back-off and jitter. */
  intervalMs: number;
  /** New entries by UTC day (YYYY-MM-DD), oldest first, the last 14 days: the feed's rhythm. */
  daily: { day: string; entries: number }[];
  /** Since when `daily` is complete; absent before the first document. */
  observedSince?: number;
  /** Weighted failures in a row: hard 1, soft 0.5, temporary 0.25. */
  failures: number;
  failingSince?: number;
  /** A permanent redirect seen on every poll since. */
  moved?: { url: string; polls: number; since: number };
  /** 410 Gone on every poll since. */
  gone?: { polls: number; since: number };
  /** Of the last document read. */
  ttlMinutes?: number;
  skipHours?: number[];
  skipDays?: number[];
}

/** A sitemap of an index, as it was when last read. */
export interface SitemapPart {
  url: string;
  /** By the index. */
  updatedAt?: string;
  etag?: string;
  lastModified?: string;
}

/** The `feeds` document: a subscription. */
export interface FeedRecord {
  /** ULID. */
  _id: string;
  url: string;
  title?: string;
  siteUrl?: string;
  language?: string;
  folders: string[];
  /** `parked`: the publisher says it is gone; `paused`: the operator said so. */
  status: 'active' | 'paused' | 'parked';
  addedAt: Date;
  /** Due then; while a poll is under way, when it counts as lost. */
  nextPollAt: Date;
  /** The poll under way. */
  claim?: string;
  etag?: string;
  lastModified?: string;
  bodyHash?: string;
  lastPolledAt?: Date;
  lastNewAt?: Date;
  lastOutcome?: string;
  lastError?: { code: string; message: string; at: Date };
  polls: number;
  entriesSeen: number;
  schedule?: FeedSchedule;
  /** Ask without validators at the next poll. */
  unconditional?: boolean;
  /** Where it seems to have moved; the operator decides. */
  proposedUrl?: string;
  /** Of a feed that is an index of sitemaps: those read so far. */
  sitemaps?: SitemapPart[];
  /** Its guids change for entries that stay the same: identify by link. */
  unstableGuids?: boolean;
}

/** How well a hub does for one feed: entries it pushed, and entries a poll found first. Older ones fade. */
export interface HubScore {
  pushed: number;
  missed: number;
}

/** The `subscriptions` document: a feed's subscription at a WebSub hub. It outlives its feed until the hub has let it go. */
export interface Subscription {
  /** Random, and the end of the address the hub calls: nobody else knows it. */
  _id: string;
  feedId: string;
  hub: string;
  /** The feed's own address, as its self link gives it: what the hub must confirm. */
  topic: string;
  /** Shared with the hub; random, at most 200 bytes (W3C WebSub §5.1). */
  secret: string;
  /** `leaving`: to be ended at the hub. `denied`: not asked for again for a while. */
  state: 'requested' | 'active' | 'leaving' | 'denied';
  /** Why it is left or denied. */
  reason?: string;
  /** Once left, it is not to be asked for again for a while. */
  avoid?: boolean;
  /** The public address the hub was last given for its calls. */
  base?: string;
  /** When the hub is asked next, or a denial is forgotten. */
  nextAt: Date;
  /** Requests in a row that the hub has not confirmed. */
  attempts: number;
  /** Since when the hub has been pushing, and until when. */
  activeSince?: Date;
  leaseEndsAt?: Date;
  lastPushAt?: Date;
  lastError?: { code: string; message: string; at: Date };
  score: HubScore;
}

/** Articles of one language about one event. */
export interface Story {
  /** The id of the article that started it. */
  id: string;
  language: string;
  title: string;
  /** The article whose title it bears: the one most like the story. */
  leadId: string;
  /** How like the lead article was when it became it. */
  leadSimilarity: number;
  /** Sum of the articles' unit vectors, cut to the heaviest terms: hash of a term → weight. */
  centroid: Map<number, number>;
  /** Length of the centroid. */
  norm: number;
  /** Times of its articles in ms since 1970. */
  firstAt: number;
  lastAt: number;
  sources: string[];
  /** Originals only, newest last; of a very long story the last few hundred. */
  articleIds: string[];
  articles: number;
  /** Raised with every save. */
  version: number;
  /** Stories of other languages about the same event, the surest first. */
  links?: StoryLink[];
}

/** A story in another language that is likely about the same event; both name each other. */
export interface StoryLink {
  id: string;
  language: string;
  /** Sum of log-likelihood ratios, see `link-stories.ts`. */
  score: number;
  /** Ids of the names that both stories have, the most telling first. */
  names: string[];
  /** Numbers that both state. */
  numbers: string[];
  /** Days between the end of one and the beginning of the other, 0 when they overlap. */
  daysApart: number;
}
