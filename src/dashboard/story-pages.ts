import type { Article, Direction } from '../shared/model.ts';
import type { StorySummary } from '../shared/stores/stories.ts';
import { directionOf, profileScript } from '../shared/text/script.ts';
import { copyLine } from './copy-line.ts';
import { entityPath } from './entity-pages.ts';
import { foreign, html, type Markup, when } from './html.ts';
import type { LinkedStory, StoryFilter, StoryView, TimelineEntry } from './stories.ts';

/** Letters of the lead article that are shown. */
const OPENING_CHARS = 400;

export const storyPath = (id: string) => `/stories/${encodeURIComponent(id)}`;

/** Set apart, so that it reads from left to right inside a right-to-left line too. */
const count = (n: number, one: string, several: string) => html`<bdi>${n} ${n === 1 ? one : several}</bdi>`;
const articlesIn = (n: number) => count(n, 'article', 'articles');
const sourcesIn = (n: number) => count(n, 'source', 'sources');

/** By its letters: `dir=auto` on a line skips the title, which stands isolated in it. */
const directionOfTitle = (title: string): Direction => directionOf(profileScript(title).script);

const ORDERS = [
  ['freshness', 'newest first'],
  ['size', 'largest first'],
] as const;

export function storiesPage(
  stories: readonly StorySummary[],
  { lang, order, min }: StoryFilter,
  next: string | undefined,
  now: Date,
): Markup {
  return html`<h1>Stories</h1>
<form class="filter" method="get" action="/stories">
<label>Order <select name="order">${ORDERS.map(([value, name]) => html`<option value="${value}"${value === order ? html` selected` : ''}>${name}</option>`)}</select></label>
<label>Language <input name="lang" value="${lang ?? ''}" size="4" maxlength="3"></label>
<label>Articles, at least <input name="min" type="number" min="1" max="1000" value="${min}"></label>
<button>Show</button>
</form>
${
  stories.length === 0
    ? html`<p class="quiet">None.</p>`
    : html`<ul class="list">${stories.map(
        ({ id, title, language, articles, sources, lastAt }) => html`<li dir="${directionOfTitle(title)}">
<a class="title" href="${storyPath(id)}">${foreign(title, directionOfTitle(title), language)}</a>
<span class="meta">${articlesIn(articles)} · ${sourcesIn(sources.length)} · ${when(new Date(lastAt), now)} · <bdi>${language}</bdi></span>
</li>`,
      )}</ul>`
}
${next && html`<p><a class="button" href="${next}">More</a></p>`}`;
}

export function storyPage({ story, lead, sources, timeline, others }: StoryView, now: Date): Markup {
  const { title, language, articles, firstAt, lastAt } = story;
  const copies = timeline.reduce((sum, entry) => sum + entry.copies.length, 0);
  return html`<h1 dir="${directionOfTitle(title)}">${foreign(title, directionOfTitle(title), language)}</h1>
<p class="meta">${articlesIn(articles)} · ${sourcesIn(sources.length)}${copies > 0 && html` · ${count(copies, 'copy', 'copies')}`} · ${when(new Date(firstAt), now)} – ${when(new Date(lastAt), now)} · <bdi>${language}</bdi></p>
${lead && html`<h2>Lead article</h2><ul class="list"><li dir="${lead.dir ?? 'auto'}">${line(lead, now)}${opening(lead)}</li></ul>`}
${others.length > 0 && html`<h2>In other languages</h2><ul class="list">${others.map((other) => otherLanguage(other, now))}</ul>`}
<h2>Sources</h2>
<ul class="names">${sources.map(({ name, articles }) => html`<li>${foreign(name, undefined, undefined)} <span class="quiet">${articles}</span></li>`)}</ul>
<h2>Timeline</h2>
<ol class="list">${timeline.map((entry) => timelineItem(entry, now))}</ol>
<p><a href="/api${storyPath(story.id)}">JSON</a></p>`;
}

/** A story of another language, and what the two have in common. */
function otherLanguage({ story, link, names }: LinkedStory, now: Date): Markup {
  const { id, title, language, articles, lastAt } = story;
  const shared = [
    ...names.map(
      (entity) => html`<a href="${entityPath(entity.id)}">${foreign(entity.name, undefined, undefined)}</a>`,
    ),
    ...link.numbers.map((number) => html`<bdi>${number}</bdi>`),
  ];
  return html`<li dir="${directionOfTitle(title)}">
<a class="title" href="${storyPath(id)}">${foreign(title, directionOfTitle(title), language)}</a>
<span class="meta"><bdi>${language}</bdi> · ${articlesIn(articles)} · ${when(new Date(lastAt), now)}${shared.length > 0 && html` · <bdi dir="ltr">both say: ${shared.map((one, i) => html`${i > 0 && ', '}${one}`)}</bdi>`}</span>
</li>`;
}

/** Its first paragraph, cut at a blank. */
function opening({ body = [], text = '', dir, lang }: Article): Markup | false {
  const first = body.find(({ type }) => type === 'p')?.text ?? text;
  if (first === '') return false;
  const cut = first.length <= OPENING_CHARS ? first : `${first.slice(0, OPENING_CHARS).replace(/\s+\S*$/, '')}…`;
  return html`<span>${foreign(cut, dir, lang)}</span>`;
}

function timelineItem({ article, copies }: TimelineEntry, now: Date): Markup {
  return html`<li dir="${article.dir ?? 'auto'}">${line(article, now)}
${
  copies.length > 0 &&
  html`<ul class="copies">${copies.map(
    (copy) => html`<li dir="${copy.dir ?? 'auto'}">${line(copy, now)}
${copyLine(copy, article.origin)}</li>`,
  )}</ul>`
}</li>`;
}

function line({ _id, title, entry, url, dir, lang, source, publishedAt, firstSeenAt }: Article, now: Date): Markup {
  return html`<a class="title" href="/articles/${_id}">${foreign(title || entry.title || url, dir, lang)}</a>
<span class="meta"><bdi>${source.name}</bdi> · ${when(publishedAt ?? firstSeenAt, now)}</span>`;
}
