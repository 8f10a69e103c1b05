import type { EntityDecision } from '../shared/entity-decisions.ts';
import type { EntityType } from '../shared/model.ts';
import type { MentionedEntity } from '../shared/stores/catalog.ts';
import type { KnownEntity } from '../shared/stores/entities.ts';
import { articleList } from './article-list.ts';
import type { EntityView } from './entities.ts';
import { foreign, html, type Markup, when } from './html.ts';

/** Type, what one is called, what several are called. */
export const ENTITY_TYPES = [
  ['person', 'Person', 'People'],
  ['organization', 'Organisation', 'Organisations'],
  ['location', 'Place', 'Places'],
] as const satisfies readonly [EntityType, string, string][];

const nameOf = (type: EntityType) => ENTITY_TYPES.find(([one]) => one === type)?.[1];

export const entityPath = (id: string) => `/entities/${encodeURIComponent(id)}`;

export function entitiesPage(
  entities: readonly MentionedEntity[],
  { q, type, days }: { q?: string; type?: string; days: number },
): Markup {
  return html`<h1>Entities</h1>
<form class="filter" method="get" action="/entities" role="search">
<label class="search">Name <input type="search" name="q" dir="auto" value="${q ?? ''}" maxlength="200"></label>
<label>Type <select name="type"><option value="">any</option>${ENTITY_TYPES.map(([value, name]) => html`<option value="${value}"${value === type ? html` selected` : ''}>${name}</option>`)}</select></label>
<label>Days <input name="days" type="number" min="1" max="365" value="${days}"></label>
<button>Show</button>
</form>
${
  entities.length === 0
    ? html`<p class="quiet">None in the articles published in the last ${days} days.</p>`
    : html`<ol class="list ranked">${entities.map(
        ({ id, type, name, articles }) => html`<li>
<a class="title" href="${entityPath(id)}">${foreign(name, undefined, undefined)}</a>
<span class="meta">${nameOf(type)} · ${articles} article${articles !== 1 && 's'}</span>
</li>`,
      )}</ol>`
}`;
}

export function entityPage({ entity, days, beside, articles, decisions }: EntityView, now: Date): Markup {
  const { id, type, name, names, aliases, country, lat, lon } = entity;
  const others = aliases.filter((alias) => alias !== name && !Object.values(names).includes(alias));
  return html`<div class="entity-page">
<h1>${foreign(name, undefined, undefined)}</h1>
<p class="meta">${nameOf(type)}${country && html` · ${country}`}${lat !== undefined && lon !== undefined && html` · ${lat.toFixed(2)}, ${lon.toFixed(2)}`} · <code>${id}</code></p>
<p><a class="button" href="/articles?entity=${encodeURIComponent(id)}">All its articles</a></p>
${
  Object.keys(names).length > 0 &&
  html`<h2>Names</h2>
<ul class="names">${Object.entries(names).map(([lang, text]) => html`<li><span class="quiet">${lang}</span> ${foreign(text, undefined, lang)}</li>`)}</ul>`
}
${others.length > 0 && html`<h2>Also written</h2><ul class="names">${others.map((alias) => html`<li>${foreign(alias, undefined, undefined)}</li>`)}</ul>`}
<h2>Articles by day</h2>
${dayChart(days)}
${
  beside.length > 0 &&
  html`<h2>Named together with</h2>
<ul class="names">${beside.map((e) => html`<li><a href="${entityPath(e.id)}">${foreign(e.name, undefined, undefined)}</a> <span class="quiet">${e.articles}</span></li>`)}</ul>`
}
<h2>Newest articles</h2>
${articleList(articles, now)}
${decisionForms(entity)}
${
  decisions.length > 0 &&
  html`<h2>Decisions</h2>
<ol class="list">${decisions.map((decision) => decisionItem(id, decision, now))}</ol>`
}
</div>`;
}

/** What an operator may decide about an entity. */
function decisionForms({ id, name, aliases }: KnownEntity): Markup {
  return html`<h2>Put right</h2>
<form class="decision" method="post" action="${entityPath(id)}"><label>Is the same as <input name="into" dir="auto" required maxlength="300" placeholder="id or name"></label> <button name="kind" value="merge">Merge</button></form>
<form class="decision" method="post" action="${entityPath(id)}"><label>Is called <input name="name" dir="auto" required maxlength="300" value="${name}"></label> <label>in <input name="lang" size="3" maxlength="3" pattern="[a-z]{2,3}" placeholder="ar"></label> <button name="kind" value="rename">Rename</button></form>
${
  aliases.length > 1 &&
  html`<form class="decision" method="post" action="${entityPath(id)}"><fieldset><legend>These are somebody else</legend>
${aliases.map((alias) => html`<label><input type="checkbox" name="names" value="${alias}"> ${foreign(alias, undefined, undefined)}</label> `)}</fieldset>
<label>called <input name="name" dir="auto" maxlength="300"></label> <button name="kind" value="split">Split off</button></form>`
}`;
}

function decisionItem(id: string, decision: EntityDecision, now: Date): Markup {
  const { _id, kind, at, automatic } = decision;
  const said =
    decision.kind === 'merge'
      ? html`<code>${decision.from}</code> is <code>${decision.into.id}</code>`
      : decision.kind === 'split'
        ? html`${decision.names.map((name, i) => html`${i > 0 && ', '}${foreign(name, undefined, undefined)}`)} of <code>${decision.from}</code> is <code>${decision.into.id}</code>`
        : decision.kind === 'rename' &&
          html`<code>${decision.from}</code> is called ${foreign(decision.name, undefined, decision.lang)} (${decision.lang})`;
  return html`<li>${said} <span class="meta">${kind} ${_id}${automatic && ', by spelling'} · ${when(at, now)}</span>
<form method="post" action="${entityPath(id)}"><input type="hidden" name="of" value="${_id}"><button name="kind" value="undo" aria-label="Undo ${kind} ${_id}">Undo</button></form></li>`;
}

const BAR = 10;
const HEIGHT = 60;

/** One bar a day, oldest first; said in words to those who do not see it. */
function dayChart(days: EntityView['days']): Markup {
  const most = Math.max(1, ...days.map(({ articles }) => articles));
  const total = days.reduce((sum, { articles }) => sum + articles, 0);
  const peak = days.find(({ articles }) => articles === most);
  const said = `${total} in ${days.length} days${peak ? `, most on ${peak.day}: ${peak.articles}` : ''}`;
  return html`<figure class="chart">
<svg viewBox="0 0 ${days.length * BAR} ${HEIGHT}" role="img" aria-label="${said}" preserveAspectRatio="none">${days.map(
    ({ day, articles }, i) => {
      const height = articles === 0 ? 1 : Math.max(3, Math.round((articles / most) * HEIGHT));
      return html`<rect x="${i * BAR + 1}" y="${HEIGHT - height}" width="${BAR - 2}" height="${height}"><title>${day}: ${articles}</title></rect>`;
    },
  )}</svg>
<figcaption class="quiet">${said} (${days[0]?.day} – ${days.at(-1)?.day})</figcaption>
</figure>`;
}
