import type { StageOverview } from '../queues/overview.ts';
import type { Article, FeedRecord, ParagraphType } from '../shared/model.ts';
import type { SiteRecord } from '../shared/stores/sites.ts';
import { articleList } from './article-list.ts';
import { copyLine, reprintLine } from './copy-line.ts';
import { ENTITY_TYPES, entityPath } from './entity-pages.ts';
import { highlight, linesOf, type Piece } from './highlight.ts';
import { foreign, html, type Markup, when } from './html.ts';
import { storyPath } from './story-pages.ts';
import { versionList } from './version-list.ts';

const LINKS = [
  ['/', 'Overview'],
  ['/feeds', 'Feeds'],
  ['/articles', 'Articles'],
  ['/stories', 'Stories'],
  ['/entities', 'Entities'],
  ['/quarantine', 'Quarantine'],
  ['/queues', 'Queues'],
] as const;

/** The frame of every page. */
export function layout(title: string, path: string, body: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Khabar</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
<script src="/assets/live.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="/"><span lang="ar" dir="rtl">خبر</span> Khabar</a>
<nav aria-label="Main">${LINKS.map(([href, name]) => html`<a href="${href}"${href === path ? html` aria-current="page"` : ''}>${name}</a>`)}</nav>
</header>
<main id="main" tabindex="-1">
${body}
</main>
</body>
</html>`.text;
}

export interface OverviewData {
  stages: StageOverview[];
  quarantinedByStage: ReadonlyMap<string, number>;
  states: { state: string; count: number }[];
  newest: Article[];
  failing: FeedRecord[];
  drifting: SiteRecord[];
  feeds: number;
  now: Date;
}

export function overviewPage(data: OverviewData): Markup {
  return html`<h1>Overview</h1>
<p class="status" role="status" data-live-status>Live</p>
${overviewSections(data)}`;
}

/** The parts that the page's script replaces every few seconds. */
export function overviewSections({
  stages,
  quarantinedByStage,
  states,
  newest,
  failing,
  drifting,
  feeds,
  now,
}: OverviewData): Markup {
  const count = (state: string) => states.filter((row) => row.state === state).reduce((n, row) => n + row.count, 0);
  const total = states.reduce((n, row) => n + row.count, 0);
  return html`<section id="totals" aria-label="Totals" data-live>
<dl class="totals">
<div><dt>Feeds</dt><dd>${feeds}</dd></div>
<div><dt>Articles</dt><dd>${total}</dd></div>
<div><dt>Published</dt><dd>${count('published')}</dd></div>
<div><dt>Copies</dt><dd>${count('duplicate')}</dd></div>
<div><dt>Other ends</dt><dd>${count('ended')}</dd></div>
<div${count('quarantined') > 0 ? html` class="bad"` : ''}><dt>Quarantined</dt><dd>${count('quarantined')}</dd></div>
</dl>
</section>
<section id="stages" aria-labelledby="stages-title" data-live>
<h2 id="stages-title">Stages</h2>
<div class="scroll" tabindex="0" role="region" aria-labelledby="stages-title">
<table>
<thead><tr><th scope="col">Stage</th><th scope="col">Waiting</th><th scope="col">Oldest</th><th scope="col">Active</th><th scope="col">Delayed</th><th scope="col">Quarantined</th><th scope="col">Done / min</th><th scope="col">p50</th><th scope="col">p95</th></tr></thead>
<tbody>${stages.map((s) => stageRow(s, quarantinedByStage.get(s.stage) ?? 0))}</tbody>
</table>
</div>
</section>
<section id="newest" aria-labelledby="newest-title" data-live>
<h2 id="newest-title">Latest arrivals</h2>
${articleList(newest, now)}
</section>
<section id="failing" aria-labelledby="failing-title" data-live>
<h2 id="failing-title">Failing feeds</h2>
${failing.length === 0 ? html`<p class="quiet">None: every feed answered its last poll.</p>` : html`<ul class="list">${failing.map((feed) => failingFeed(feed, now))}</ul>`}
</section>
<section id="drifting" aria-labelledby="drifting-title" data-live>
<h2 id="drifting-title">Sites read worse than before</h2>
${drifting.length === 0 ? html`<p class="quiet">None: extraction is as sure of every site as it was.</p>` : html`<ul class="list">${drifting.map((site) => driftingSite(site, now))}</ul>`}
</section>`;
}

function stageRow(s: StageOverview, quarantined: number): Markup {
  const ms = (value: number | undefined) =>
    value === undefined ? '–' : value < 10_000 ? `${value} ms` : `${(value / 1000).toFixed(0)} s`;
  return html`<tr>
<th scope="row"><a href="/queues/queue/${s.stage}">${s.stage}</a>${s.paused && html` <span class="tag warn">paused</span>`}</th>
<td data-label="Waiting">${s.waiting}</td>
<td data-label="Oldest"${s.oldestWaitingSeconds > 300 ? html` class="bad"` : ''}>${s.waiting > 0 ? `${Math.round(s.oldestWaitingSeconds)} s` : '–'}</td>
<td data-label="Active">${s.active}</td>
<td data-label="Delayed">${s.delayed}</td>
<td data-label="Quarantined"${quarantined > 0 ? html` class="bad"` : ''}>${quarantined > 0 ? html`<a href="/quarantine">${quarantined}</a>` : 0}</td>
<td data-label="Done / min">${s.donePerMinute}</td>
<td data-label="p50">${ms(s.p50Ms)}</td>
<td data-label="p95">${ms(s.p95Ms)}</td>
</tr>`;
}

function failingFeed({ _id, url, title, lastError, nextPollAt }: FeedRecord, now: Date): Markup {
  return html`<li id="feed-${_id}"><strong>${title ? foreign(title, undefined, undefined) : url}</strong>
<span class="meta"><span class="tag bad">${lastError?.code}</span> ${when(lastError?.at, now)} · next ${when(nextPollAt, now)}</span>
<span class="quiet">${lastError?.message}</span></li>`;
}

function driftingSite({ _id, method, drift }: SiteRecord, now: Date): Markup {
  const percent = (score = 0) => `${Math.round(score * 100)} %`;
  return html`<li><strong>${foreign(_id, 'ltr', undefined)}</strong>
<span class="meta"><span class="tag warn">${percent(drift?.recent)} sure, was ${percent(drift?.past)}</span> since ${when(drift?.since, now)} · read by ${method}</span></li>`;
}

export function articlesPage(
  articles: readonly Article[],
  filter: { q?: string; lang?: string; state?: string; entity?: string },
  next: string | undefined,
  now: Date,
): Markup {
  return html`<h1>Articles</h1>
<form class="filter" method="get" action="/articles" role="search">
<label class="search">Search <input type="search" name="q" dir="auto" value="${filter.q ?? ''}" maxlength="1000" aria-describedby="search-help"></label>
<label>Language <input name="lang" value="${filter.lang ?? ''}" size="4" maxlength="8"></label>
<label>State <select name="state">${[
    '',
    'published',
    'duplicate',
    'ended',
    'quarantined',
    'discovered',
    'fetched',
    'extracted',
    'unique',
    'enriched',
  ].map(
    (state) =>
      html`<option value="${state}"${state === (filter.state ?? '') ? html` selected` : ''}>${state || 'any'}</option>`,
  )}</select></label>
${filter.entity && html`<label>Entity <input name="entity" value="${filter.entity}" dir="auto"></label>`}
<button>Show</button>
</form>
<p class="quiet" id="search-help">Words, “a phrase”, -without, source:example.org, entity:country:YE. Newest first; a search shows the best and freshest.</p>
${articleList(articles, now, filter.q || filter.lang || filter.state || filter.entity ? 'Nothing found.' : undefined)}
${next && html`<p><a class="button" href="${next}">${filter.q ? 'More' : 'Older'}</a></p>`}`;
}

export function articlePage(article: Article, original: Article | null, copies: readonly Article[], now: Date): Markup {
  const { dir, lang, trace, quarantine, dup, entities = [], body = [], text = '' } = article;
  return html`<article class="reader" dir="${dir ?? 'auto'}"${lang && lang !== 'und' ? html` lang="${lang}"` : ''}>
<h1>${article.title || article.entry.title || article.url}</h1>
${article.subtitle && html`<p class="subtitle">${article.subtitle}</p>`}
<p class="meta"><bdi>${article.source.name}</bdi>${article.authors?.map((author) => html` · <bdi>${author}</bdi>`)}${article.agency && html` · <bdi>${article.agency}</bdi>`} · ${when(article.publishedAt, now)}</p>
<div class="columns">
<div class="text">${highlight(body, text, entities).map((pieces, i) => paragraph(body[i]?.type, pieces))}
${versionList(article, now)}</div>
<aside dir="ltr" lang="en" aria-label="About this article">
${dup && html`<h2>A copy</h2><p>${dup.kind}, ${(dup.score * 100).toFixed(0)} % by ${dup.method}, of <a href="/articles/${dup.of}">${foreign(original?.title ?? dup.of, original?.dir, original?.lang)}</a></p>`}
${article.reprint && html`<p>${reprintLine(article.reprint)}, of <a href="/articles/${article.reprint.of}">the origin</a></p>`}
${copies.length > 0 && html`<h2>Copies</h2><ul>${copies.map((c) => html`<li><a href="/articles/${c._id}">${foreign(c.title ?? c.url, c.dir, c.lang)}</a> <bdi>${c.source.name}</bdi> ${copyLine(c, article.origin)}</li>`)}</ul>`}
${article.storyId && html`<h2>Story</h2><p><a href="${storyPath(article.storyId)}">Its sources and timeline</a></p>`}
${quarantine && html`<h2>In quarantine</h2><p><span class="tag bad">${quarantine.code}</span> ${quarantine.message}</p>`}
${whatItSays(article)}
<h2>Trace</h2>
<ol class="trace"><li>discovered ${when(article.firstSeenAt, now)}</li>${trace.map((line) => html`<li>${line.stage} → ${line.outcome} <span class="quiet">${line.ms} ms</span></li>`)}</ol>
<p><a href="${/^https?:/.test(article.url) ? article.url : '#'}" rel="noreferrer noopener">The page itself</a> · <a href="/api/articles/${article._id}">JSON</a></p>
</aside>
</div>
</article>`;
}

/** Dateline, names and quotations of an article. */
function whatItSays({ dir, lang, dateline, entities = [], quotes = [] }: Article): Markup {
  return html`${dateline && html`<h2>Dateline</h2><p>${dateline.places.map((place, i) => html`${i > 0 && ' · '}${foreign(place, undefined, lang)}`)}${dateline.agency && html` <span class="tag">${foreign(dateline.agency, undefined, lang)}</span>`}</p>`}
${ENTITY_TYPES.map(([type, , title]) => {
  const named = entities.filter((entity) => entity.type === type);
  return (
    named.length > 0 &&
    html`<h2>${title}</h2><ul class="names">${named.map((e) => html`<li><a href="${entityPath(e.id)}">${foreign(e.name, undefined, lang)}</a> <span class="quiet">${e.mentions.length}</span></li>`)}</ul>`
  );
})}
${
  quotes.length > 0 &&
  html`<h2>Quotations</h2><ul class="quotes">${quotes.map(
    ({ speaker, speakerEntityId, text }) =>
      html`<li dir="${dir ?? 'auto'}">${speaker && html`<strong>${speakerEntityId ? html`<a href="${entityPath(speakerEntityId)}">${foreign(speaker, undefined, lang)}</a>` : foreign(speaker, undefined, lang)}</strong><br>`}<q>${foreign(text, dir, lang)}</q></li>`,
  )}</ul>`
}`;
}

function paragraph(type: ParagraphType | undefined, pieces: readonly Piece[]): Markup {
  const marked = (line: readonly Piece[]) =>
    line.map(({ text, entity }) =>
      entity
        ? html`<a class="entity ${entity.type}" href="${entityPath(entity.id)}" title="${entity.name}">${text}</a>`
        : text,
    );
  if (type === 'h2') return html`<h2>${marked(pieces)}</h2>`;
  if (type === 'quote') return html`<blockquote>${marked(pieces)}</blockquote>`;
  if (type === 'list') return html`<ul>${linesOf(pieces).map((line) => html`<li>${marked(line)}</li>`)}</ul>`;
  if (type === 'figure') return html`<p class="caption">${marked(pieces)}</p>`;
  return html`<p>${linesOf(pieces).map((line, i) => html`${i > 0 && html`<br>`}${marked(line)}`)}</p>`;
}

export function quarantinePage(articles: readonly Article[], now: Date): Markup {
  return html`<h1>Quarantine</h1>
${
  articles.length === 0
    ? html`<p class="quiet">Empty.</p>`
    : html`<form method="post" action="/quarantine"><p><button name="action" value="retry-all">Put all back</button></p></form>
<ul class="list">${articles.map(
        (
          a,
        ) => html`<li><a class="title" href="/articles/${a._id}">${foreign(a.title || a.entry.title || a.url, a.dir, a.lang)}</a>
<span class="meta"><span class="tag bad">${a.quarantine?.code}</span> ${a.quarantine?.stage} · ${when(a.quarantine?.at, now)}</span>
<span class="quiet">${a.quarantine?.message}</span>
<form method="post" action="/quarantine"><button name="id" value="${a._id}" aria-label="Put back: ${a.title || a.entry.title || a.url}">Put back</button></form></li>`,
      )}</ul>`
}`;
}

export function loginPage(failed: boolean): Markup {
  return html`<h1>Sign in</h1>
${failed && html`<p class="tag bad" role="alert">That is not the token.</p>`}
<form method="post" action="/login"><p><label>Token <input type="password" name="token" required autocomplete="current-password"></label> <button>Sign in</button></p></form>
<p class="quiet">The token is the service's KHABAR_TOKEN. Programs send it as <code>Authorization: Bearer …</code>.</p>`;
}

export function troublePage(title: string, code: string, message: string): Markup {
  return html`<h1>${title}</h1><p><span class="tag bad">${code}</span> ${message}</p><p><a class="button" href="/">To the overview</a></p>`;
}
