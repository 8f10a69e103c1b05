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
  /** Of the latest poll: why it failed, or left entries out. */
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
