import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HubScore, Subscription } from '../../shared/model.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Hubs grant up to years and forget; two weeks find a dead subscription early. Source: lion-reader PR 1035. */
const MAX_LEASE_MS = 14 * DAY_MS;
const MIN_LEASE_MS = HOUR_MS;
const DEFAULT_LEASE_MS = 10 * DAY_MS;
/** Renewed when this share of the lease is over, so that a hub that is down has time to come back. */
const RENEW_AT = 0.8;

/** Body of the request to the hub, as application/x-www-form-urlencoded (W3C WebSub §5.1). */
export function subscriptionForm(
  mode: 'subscribe' | 'unsubscribe',
  { topic, secret }: Pick<Subscription, 'topic' | 'secret'>,
  callback: string,
): string {
  const form = new URLSearchParams({ 'hub.mode': mode, 'hub.topic': topic, 'hub.callback': callback });
  if (mode === 'subscribe') {
    form.set('hub.lease_seconds', String(MAX_LEASE_MS / 1_000));
    form.set('hub.secret', secret);
  }
  return form.toString();
}

export interface IntentAnswer {
  /** 200 with the challenge as body, or 404. */
  status: 200 | 404;
  body: string;
  /** What becomes of the subscription. */
  change?: { to: 'active'; leaseEndsAt: Date } | { to: 'denied' } | { to: 'ended' };
}

const REFUSED: IntentAnswer = { status: 404, body: '' };

/**
 * Answers the hub's verification of intent (W3C WebSub §5.3) or notice of denial (§5.2). Anything this side did not ask for gets 404 and
 * changes nothing, so that nobody can subscribe or unsubscribe it by calling.
 */
export function verifyIntent(
  subscription: Pick<Subscription, 'topic' | 'state'> | undefined,
  query: Readonly<Record<string, string | undefined>>,
  now: Date,
): IntentAnswer {
  const { 'hub.mode': mode, 'hub.topic': topic, 'hub.challenge': challenge } = query;
  if (!subscription || topic !== subscription.topic) return REFUSED;
  const { state } = subscription;
  if (mode === 'denied') return { status: 200, body: '', change: { to: 'denied' } };
  if (!challenge || challenge.length > 4_096) return REFUSED;
  if (mode === 'unsubscribe' && state === 'leaving') return { status: 200, body: challenge, change: { to: 'ended' } };
  if (mode !== 'subscribe' || (state !== 'requested' && state !== 'active')) return REFUSED;
  const leaseEndsAt = new Date(now.getTime() + leaseMs(query['hub.lease_seconds']));
  return { status: 200, body: challenge, change: { to: 'active', leaseEndsAt } };
}

/** The lease a hub granted, within an hour and 14 days. */
export function leaseMs(seconds: string | undefined): number {
  const granted = /^\d{1,12}$/.test(seconds ?? '') ? Number(seconds) * 1_000 : DEFAULT_LEASE_MS;
  return Math.min(MAX_LEASE_MS, Math.max(MIN_LEASE_MS, granted));
}

/** When to ask again, given when the lease was granted. */
export function renewalAt(grantedAt: Date, leaseEndsAt: Date): Date {
  return new Date(grantedAt.getTime() + (leaseEndsAt.getTime() - grantedAt.getTime()) * RENEW_AT);
}

const SIGNATURE = /^(sha1|sha256|sha384|sha512)=([0-9a-f]+)$/i;

/**
 * Whether `X-Hub-Signature` is the body's HMAC under the secret (W3C WebSub §7.1). A push that fails is to be answered 2xx and
 * dropped, as the standard asks, so that a guesser learns nothing.
 */
export function isSignedBy(secret: string, body: Uint8Array, header: string | undefined): boolean {
  const [, method = '', hex = ''] = SIGNATURE.exec(header?.trim() ?? '') ?? [];
  if (!method) return false;
  const expected = createHmac(method.toLowerCase(), secret).update(body).digest();
  const given = Buffer.from(hex, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Hub and topic from HTTP Link headers (RFC 8288), which outrank the document's own links (W3C WebSub §4). */
export function hubLinks(linkHeader: string | undefined, base: string): { hubs: string[]; self?: string } {
  const hubs: string[] = [];
  let self: string | undefined;
  for (const [, target = '', parameters = ''] of (linkHeader ?? '')
    .slice(0, 16_384)
    .matchAll(/<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s";,]+))*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))/i.exec(parameters);
    const rels = (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/);
    if (!URL.canParse(target, base)) continue;
    const url = new URL(target, base).href;
    if (rels.includes('hub') && !hubs.includes(url)) hubs.push(url);
    if (rels.includes('self')) self ??= url;
  }
  return { hubs, ...(self ? { self } : {}) };
}

export const NEW_HUB: HubScore = { pushed: 0, missed: 0 };
/** Beyond this many remembered entries the past fades, so that a hub that breaks is noticed within some ten entries. */
const REMEMBERED = 20;
const ENOUGH = 5;

/** Adds what a push or a poll has shown. A poll's entry counts as missed when it is older than the hub's usual minutes. */
export function scoreHub(score: HubScore, seen: Partial<HubScore>): HubScore {
  const pushed = score.pushed + (seen.pushed ?? 0);
  const missed = score.missed + (seen.missed ?? 0);
  const fade = Math.min(1, REMEMBERED / Math.max(1, pushed + missed));
  return { pushed: pushed * fade, missed: missed * fade };
}

/** `reliable`: polls may become a safety net. `useless`: end the subscription. */
export function judgeHub({ pushed, missed }: HubScore): 'unknown' | 'reliable' | 'unreliable' | 'useless' {
  const entries = pushed + missed;
  if (entries < ENOUGH) return 'unknown';
  if (missed <= entries * 0.1) return 'reliable';
  return missed >= entries * 0.9 && entries >= REMEMBERED / 2 ? 'useless' : 'unreliable';
}
