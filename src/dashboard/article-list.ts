import type { Article } from '../shared/model.ts';
import { foreign, html, type Markup, when } from './html.ts';

export function articleList(articles: readonly Article[], now: Date, ifNone = 'None yet.'): Markup {
  if (articles.length === 0) return html`<p class="quiet">${ifNone}</p>`;
  return html`<ul class="list">${articles.map(
    (a) => html`<li dir="${a.dir ?? 'auto'}">
<a class="title" href="/articles/${a._id}">${foreign(a.title || a.entry.title || a.url, a.dir, a.lang)}</a>
<span class="meta"><bdi>${a.source.name}</bdi> · <span class="tag ${a.state === 'quarantined' ? 'bad' : a.state === 'published' ? 'good' : ''}">${a.state === 'ended' ? a.outcome : a.state}</span> · ${when(a.publishedAt ?? a.firstSeenAt, now)}${a.lang && html` · <bdi>${a.lang}</bdi>`}</span>
</li>`,
  )}</ul>`;
}
