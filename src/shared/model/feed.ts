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
