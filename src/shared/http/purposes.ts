import { MAX_ROBOTS_BYTES } from './robots.ts';

/** What a request is for. It chooses limits, the Accept header and which rules of politeness apply. */
export type Purpose = 'feed' | 'page' | 'robots' | 'hub' | 'webhook' | 'image';

export interface PurposeRules {
  /** Of the decoded body. */
  maxBytes: number;
  /** Of everything: name lookup, connecting, headers and body of all hops, and short waits at the gate. */
  deadlineMs: number;
  accept: string;
  /** Waits its turn at the site's gate. */
  gated: boolean;
  /** Goes before other errands at its site, which would keep a poll waiting for all pages of the last one. */
  urgent: boolean;
  /** Obeys robots.txt unless told otherwise. */
  robots: boolean;
  /** Follows redirects; a webhook's body and signature are for the URL the operator wrote and no other. */
  follows: boolean;
}

export const PURPOSES: Readonly<Record<Purpose, PurposeRules>> = {
  feed: {
    maxBytes: 15 * 2 ** 20,
    deadlineMs: 30_000,
    accept:
      'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1',
    gated: true,
    urgent: true,
    robots: false,
    follows: true,
  },
  page: {
    maxBytes: 10 * 2 ** 20,
    deadlineMs: 30_000,
    accept: 'text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1',
    gated: true,
    urgent: false,
    robots: true,
    follows: true,
  },
  robots: {
    maxBytes: MAX_ROBOTS_BYTES,
    deadlineMs: 15_000,
    accept: 'text/plain, */*;q=0.1',
    gated: false,
    urgent: false,
    robots: false,
    follows: true,
  },
  // Thousands of feeds share a hub, so requests to it are spaced. It may redirect by 307 or 308 (W3C WebSub §5.1).
  hub: {
    maxBytes: 64 * 2 ** 10,
    deadlineMs: 15_000,
    accept: '*/*',
    gated: true,
    urgent: false,
    robots: false,
    follows: true,
  },
  webhook: {
    maxBytes: 2 ** 20,
    deadlineMs: 15_000,
    accept: '*/*',
    gated: false,
    urgent: false,
    robots: false,
    follows: false,
  },
  image: {
    maxBytes: 20 * 2 ** 20,
    deadlineMs: 30_000,
    accept: 'image/*',
    gated: true,
    urgent: false,
    robots: true,
    follows: true,
  },
};
