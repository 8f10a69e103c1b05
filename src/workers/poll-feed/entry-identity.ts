import { createHash } from 'node:crypto';
import type { Entry, Feed } from '../../shared/model.ts';
import { canonicalizeUrl, registrableDomain } from '../../shared/url/index.ts';
import { plainText } from './html-text.ts';

/** An entry with everything it may be recognised by. */
export interface IdentifiedEntry {
  entry: Entry;
  /** Identity of the page it links to; absent when the link is not its own (missing, or the same on most entries). */
  urlKey?: string;
  /**
   * Keys within this feed, best first: `g:` guid, `l:` link, `t:` title and time of publication, `h:` text when there is nothing else.
   * An entry is known when any of them is. Never empty.
   */
  keys: string[];
  /** Differs when title, text or a credible time of update differ. */
  fingerprint: string;
}

/** What the store knows about one article: everything that matched any key or urlKey in one query. */
export interface KnownEntry {
  /** Of this feed, without the feed's id. */
  keys: readonly string[];
  urlKeys: readonly string[];
  fingerprint?: string;
}

export interface JudgedEntry extends IdentifiedEntry {
  /** `held`: part of a surge of old entries under new names; remember its keys, do not fetch it. */
  verdict: 'new' | 'known' | 'changed' | 'held';
  /** Index into the known entries, for `known` and `changed`. */
  known?: number;
}

export interface Judgement {
  entries: JudgedEntry[];
  /** The feed gives the same pages new guids: keep this and hand it to `identifyEntries` from now on. */
  unstableGuids: boolean;
  /** Entries were held back. */
  surge: boolean;
}

/** Links or guids on more than this share of a document identify nothing. */
const MAX_SHARED = 0.5;
const MAX_KEY_CHARS = 120;
/** Shorter titles ("Live", "عاجل") return. */
const MIN_TITLE_LETTERS = 12;
const SURGE_ENTRIES = 10;
const SURGE_SHARE = 0.8;
const SURGE_OLD_SHARE = 0.25;
/** Dates may be this far behind: late releases, and local times labelled as UTC. */
const LATE_RELEASE_MS = 12 * 3_600_000;

/**
 * Keys of the entries of one document, in its order, each entry once. Guids survive http→https, www, session parameters and a move of
 * the whole site to another domain; guids that are all equal, or only number the positions, are left out, and so are links
 * that most entries share. `unstableGuids` leaves out all guids.
 */
export function identifyEntries(feed: Feed, opts: { unstableGuids?: boolean } = {}): IdentifiedEntry[] {
  const { entries } = feed;
  const home = mainSite(entries);
  const guids = entries.map((entry) => (opts.unstableGuids ? undefined : guidKey(entry, home)));
  const urlKeys = entries.map((entry) => (entry.link ? canonicalizeUrl(entry.link) : undefined));
  const commonGuids = common(guids);
  const commonLinks = common(urlKeys);
  const positional = areGuidsPositions(entries);
  const volatileUpdates = areUpdatesVolatile(feed);

  const out: IdentifiedEntry[] = [];
  const seen = new Set<string>();
  for (const [i, entry] of entries.entries()) {
    const guid = guids[i];
    const urlKey = urlKeys[i] && !commonLinks.has(urlKeys[i]) ? urlKeys[i] : undefined;
    const keys: string[] = [];
    if (guid && !positional && !commonGuids.has(guid)) keys.push(short('g', guid));
    if (urlKey && !isFrontPage(urlKey)) keys.push(short('l', withoutSite(urlKey, home)));
    const title = letters(entry.title ?? '');
    if (title.length >= MIN_TITLE_LETTERS && entry.publishedAt) keys.push(`t:${hash(`${title}|${entry.publishedAt}`)}`);
    if (keys.length === 0) keys.push(`h:${hash(`${title}|${letters(textOf(entry))}|${entry.publishedAt ?? ''}`)}`);
    // One guid twice is one entry; so is one page under two guids. Two pages under one guid are two entries.
    const marks = urlKey ? [urlKey] : keys;
    if (marks.some((mark) => seen.has(mark))) continue;
    for (const mark of [...marks, ...keys]) seen.add(mark);
    out.push({
      entry,
      ...(urlKey ? { urlKey } : {}),
      keys,
      fingerprint: entryFingerprint(entry, { ignoreUpdatedAt: volatileUpdates }),
    });
  }
  return out;
}

/**
 * Which entries are new. `known` is what the store found for all keys and urlKeys of `entries`. `lastNewAt` is when this feed last had
 * something new, undefined on its first poll: a document full of unknown entries that are older than that is a feed that renamed
 * everything, not news.
 */
export function judgeEntries(
  entries: readonly IdentifiedEntry[],
  known: readonly KnownEntry[],
  opts: { lastNewAt?: Date; unstableGuids?: boolean } = {},
): Judgement {
  const byKey = new Map<string, number>();
  for (const [i, { keys, urlKeys }] of known.entries()) for (const key of [...keys, ...urlKeys]) byKey.set(key, i);
  const judged = entries.map((identified): JudgedEntry & { byGuidOnly?: boolean; renamed?: boolean } => {
    const { urlKey, keys, fingerprint } = identified;
    const guid = keys.find((key) => key.startsWith('g:'));
    const others = [...(urlKey ? [urlKey] : []), ...keys.filter((key) => key !== guid)];
    const byOther = others.map((key) => byKey.get(key)).find((i) => i !== undefined);
    const index = byOther ?? (guid ? byKey.get(guid) : undefined);
    const match = index === undefined ? undefined : known[index];
    if (!match) return { ...identified, verdict: 'new' };
    // Another feed's entry for the same page has its own wording, which says nothing about a change.
    const comparable = match.keys.length > 0 && match.fingerprint !== undefined;
    const verdict = comparable && match.fingerprint !== fingerprint ? 'changed' : 'known';
    const knownGuids = match.keys.some((key) => key.startsWith('g:'));
    return {
      ...identified,
      verdict,
      known: index,
      byGuidOnly: byOther === undefined && others.length > 0,
      renamed: guid !== undefined && byOther !== undefined && knownGuids && !match.keys.includes(guid),
    };
  });

  const matched = judged.filter((e) => e.verdict !== 'new');
  // Guids that return on other pages under other titles are positions or counters, and say nothing.
  const recycled = judged.filter((e) => e.byGuidOnly);
  if (recycled.length >= 3 && recycled.length > matched.length * MAX_SHARED) {
    for (const entry of recycled) {
      entry.verdict = 'new';
      delete entry.known;
    }
  }
  const renamed = judged.filter((e) => e.renamed).length;
  const unstable =
    (renamed >= 3 && renamed > matched.length * MAX_SHARED) ||
    (recycled.length >= 3 && recycled.length > matched.length * MAX_SHARED);
  const surge = holdSurge(judged, opts.lastNewAt);
  return {
    entries: judged.map(({ byGuidOnly: _b, renamed: _r, ...entry }) => entry),
    unstableGuids: opts.unstableGuids === true || unstable,
    surge,
  };
}

/** Holds old entries back when nearly all of a document is suddenly new and much of that is older than the last news of the feed. */
function holdSurge(judged: JudgedEntry[], lastNewAt: Date | undefined): boolean {
  if (!lastNewAt) return false;
  const fresh = judged.filter((e) => e.verdict === 'new');
  if (fresh.length < SURGE_ENTRIES || fresh.length < judged.length * SURGE_SHARE) return false;
  const old = fresh.filter(({ entry }) => {
    const at = Date.parse(entry.publishedAt ?? entry.updatedAt ?? '');
    return at < lastNewAt.getTime() - LATE_RELEASE_MS;
  });
  if (old.length < fresh.length * SURGE_OLD_SHARE) return false;
  for (const entry of old) entry.verdict = 'held';
  return true;
}

/**
 * Twenty-two characters that change when the title, the text or the time of update of an entry change. Mark-up, white space, digits
 * (counters of comments and views) and signs do not count.
 */
export function entryFingerprint(entry: Entry, opts: { ignoreUpdatedAt?: boolean } = {}): string {
  const updatedAt = opts.ignoreUpdatedAt ? '' : (entry.updatedAt ?? '').slice(0, 16);
  return hash(`${letters(entry.title ?? '', false)}|${letters(textOf(entry), false)}|${updatedAt}`);
}

/** Feeds built with the present moment as every entry's time of update say nothing with it. */
function areUpdatesVolatile({ entries, updatedAt }: Feed): boolean {
  const updates = entries.map((e) => e.updatedAt).filter((u) => u !== undefined);
  if (updates.length < 2) return false;
  const counts = new Map<string, number>();
  for (const u of updates) counts.set(u.slice(0, 16), (counts.get(u.slice(0, 16)) ?? 0) + 1);
  const built = updatedAt ? (counts.get(updatedAt.slice(0, 16)) ?? 0) : 0;
  return Math.max(built > 1 ? built : 0, ...counts.values()) > updates.length * MAX_SHARED;
}

/** The guid without what changes on its own: scheme, www, tracking and session parameters, and the site's domain. */
function guidKey(entry: Entry, home: string | undefined): string | undefined {
  const guid = entry.guid?.trim();
  if (!guid) return undefined;
  if (!/^(?:https?:)?\/\//i.test(guid)) {
    return (
      guid.replace(/;jsessionid=[^?#&]*|[?&](?:phpsessid|jsessionid|sessionid|session|sid)=[^&#]*/gi, '') || undefined
    );
  }
  const canonical = canonicalizeUrl(guid, 'https://guid.invalid/');
  if (!canonical || (isFrontPage(canonical) && !guid.includes('#'))) return undefined;
  const fragment = /#.+$/.exec(guid)?.[0] ?? '';
  return withoutSite(canonical.replace(/#.*$/, ''), home) + fragment;
}

/** The registrable domain most links belong to. Feeds of many sites have none, and keep whole hosts in their keys. */
function mainSite(entries: readonly Entry[]): string | undefined {
  const counts = new Map<string, number>();
  let links = 0;
  for (const { link } of entries) {
    const site = link && registrableDomain(link);
    if (!site) continue;
    links++;
    counts.set(site, (counts.get(site) ?? 0) + 1);
  }
  for (const [site, n] of counts) if (n >= links * 0.8) return site;
  return undefined;
}

/** `https://sport.site.example/a?b` of the main site → `sport./a?b`, so that a new domain changes no key. */
function withoutSite(canonical: string, home: string | undefined): string {
  const m = /^https:\/\/([^/]+)(\/.*)$/.exec(canonical);
  const [, host = '', rest = canonical] = m ?? [];
  return m && home && (host === home || host.endsWith(`.${home}`)) ? host.slice(0, -home.length) + rest : canonical;
}

function isFrontPage(canonical: string): boolean {
  return /^https:\/\/[^/]+\/$/.test(canonical);
}

/** Values that most entries have in common. */
function common(values: readonly (string | undefined)[]): Set<string> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Set([...counts].filter(([, n]) => n >= 2 && n > values.length * MAX_SHARED).map(([value]) => value));
}

/** Guids that count 0, 1, 2 … down the document while the entries get older: they belong to the places, not to the entries. */
function areGuidsPositions(entries: readonly Entry[]): boolean {
  const first = Number(entries[0]?.guid);
  if (entries.length < 3 || (first !== 0 && first !== 1)) return false;
  if (!entries.every((entry, i) => entry.guid === String(first + i))) return false;
  const times = entries.map((entry) => Date.parse(entry.publishedAt ?? ''));
  return !((times[times.length - 1] as number) > (times[0] as number));
}

function textOf(entry: Entry): string {
  return (entry.contentHtml ?? entry.summary ?? '').replace(/<[^<>]*>/g, ' ');
}

/** Letters only (and digits, when asked), in one case. */
function letters(text: string, digits = true): string {
  const plain = plainText(text).normalize('NFKC').toLowerCase();
  return plain.replace(digits ? /[^\p{L}\p{N}]+/gu : /[^\p{L}]+/gu, '');
}

function short(prefix: string, value: string): string {
  return `${prefix}:${value.length > MAX_KEY_CHARS ? hash(value) : value}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
