import type { FeedRecord, Subscription } from '../shared/model.ts';
import { judgeHub } from '../workers/poll-feed/websub.ts';
import { foreign, html, type Markup, when } from './html.ts';

/** What the feeds page can be narrowed to. */
export const FEED_FILTERS = ['all', 'failing', 'paused', 'parked', 'moved'] as const;
export type FeedFilter = (typeof FEED_FILTERS)[number];

export function feedsPage(
  feeds: readonly FeedRecord[],
  { show, next, hubs }: { show: FeedFilter; next?: string; hubs: ReadonlyMap<string, Subscription> },
  now: Date,
): Markup {
  return html`<h1>Feeds</h1>
<nav class="narrow" aria-label="Which feeds">${FEED_FILTERS.map((name) => html`<a href="/feeds?show=${name}"${name === show ? html` aria-current="page"` : ''}>${name}</a>`)}</nav>
${
  feeds.length === 0
    ? html`<p class="quiet">${show === 'all' ? html`None yet: <code>khabar feeds add URL</code> subscribes.` : 'None.'}</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Feeds"><table class="feeds">
<thead><tr><th scope="col">Feed</th><th scope="col">Health</th><th scope="col">Rhythm</th><th scope="col">Last poll</th><th scope="col">Next poll</th><th scope="col">Entries</th><th scope="col">Actions</th></tr></thead>
<tbody>${feeds.map((feed) => feedRow(feed, hubs.get(feed._id), now))}</tbody></table></div>
${next && html`<p><a class="button" href="${next}">More</a></p>`}`
}`;
}

function feedRow(feed: FeedRecord, hub: Subscription | undefined, now: Date): Markup {
  const { _id, url, title, language, status, lastError, lastOutcome, proposedUrl, schedule } = feed;
  const action = (value: string, text: string) =>
    html`<button name="action" value="${value}" aria-label="${text}: ${title ?? url}">${text}</button>`;
  const active = status === 'active';
  return html`<tr id="feed-${_id}">
<th scope="row">${title !== undefined && html`${foreign(title, undefined, language)}<br>`}<a class="quiet address" href="${/^https?:/.test(url) ? url : '#'}" rel="noreferrer noopener" dir="ltr">${url}</a></th>
<td data-label="Health">${!active && html`<span class="tag warn">${status}</span> `}${
    lastError
      ? html`<span class="tag bad">${lastError.code}</span><span class="why quiet">${lastError.message}${schedule?.failingSince !== undefined && html`, first failed ${when(new Date(schedule.failingSince), now)}`}</span>`
      : active && html`<span class="tag ${lastOutcome ? 'good' : ''}">${lastOutcome ?? 'new'}</span>`
  }${proposedUrl && html`<span class="why">It seems to have moved to <bdi class="address" dir="ltr">${proposedUrl}</bdi></span>`}${hub && hubState(hub, now)}</td>
<td data-label="Rhythm">${rhythm(schedule, now)}</td>
<td data-label="Last poll">${when(feed.lastPolledAt, now)}</td>
<td data-label="Next poll">${status === 'paused' ? '–' : feed.nextPollAt <= now ? 'due' : when(feed.nextPollAt, now)}</td>
<td data-label="Entries">${feed.entriesSeen}</td>
<td data-label="Actions"><form class="actions" method="post" action="/feeds/${_id}">${active ? [action('poll-now', 'Poll now'), action('pause', 'Pause')] : action('resume', 'Resume')}${proposedUrl && action('move', 'Move it there')}</form></td>
</tr>`;
}

/** How a feed's hub does: with the lease while it pushes, with the reason while it does not. */
function hubState({ hub, state, reason, leaseEndsAt, lastPushAt, lastError, score }: Subscription, now: Date): Markup {
  const name = html`<bdi dir="ltr">${new URL(hub).host}</bdi>`;
  const trouble = lastError && html`, <span class="tag bad" title="${lastError.message}">${lastError.code}</span>`;
  if (state !== 'active')
    return html`<span class="why quiet">hub ${name}: ${state === 'requested' ? 'asked for' : state}${reason !== undefined && html`, ${reason}`}${trouble}</span>`;
  const judgement = judgeHub(score);
  return html`<span class="why quiet"><span class="tag ${HUB_TAGS[judgement]}">pushed</span> by ${name}${lastPushAt && html`, last ${when(lastPushAt, now)}`}${judgement === 'unreliable' && ', misses entries'}, lease ends ${when(leaseEndsAt, now)}${trouble}</span>`;
}

const HUB_TAGS = { reliable: 'good', unknown: '', unreliable: 'warn', useless: 'bad' } as const;

const RHYTHM_DAYS = 14;
const RHYTHM_HEIGHT = 24;

/** New entries of the last 14 UTC days as small bars, and in words for those who do not see them. */
function rhythm(schedule: FeedRecord['schedule'], now: Date): Markup {
  if (!schedule) return html`–`;
  const counts = Array.from({ length: RHYTHM_DAYS }, (_, i) => {
    const day = new Date(now.getTime() - (RHYTHM_DAYS - 1 - i) * 86_400_000).toISOString().slice(0, 10);
    return schedule.daily.find((row) => row.day === day)?.entries ?? 0;
  });
  const most = Math.max(...counts, 1);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const bars = counts.map((n, i) => {
    const height = n === 0 ? 1 : Math.max(3, Math.round((n / most) * RHYTHM_HEIGHT));
    return html`<rect x="${i * 6}" y="${RHYTHM_HEIGHT - height}" width="5" height="${height}"${n === 0 ? html` class="none"` : ''}/>`;
  });
  const words = `New entries a day, ${RHYTHM_DAYS} days up to today: ${counts.join(', ')}`;
  return html`<svg class="rhythm" role="img" aria-label="${words}" viewBox="0 0 ${RHYTHM_DAYS * 6 - 1} ${RHYTHM_HEIGHT}" width="${RHYTHM_DAYS * 6 - 1}" height="${RHYTHM_HEIGHT}"><title>${words}</title>${bars}</svg> <span class="quiet">${total}</span>`;
}
