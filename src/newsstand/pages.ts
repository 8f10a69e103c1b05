import { directionOf, escapeMarkup as esc, labelsOf } from './labels.ts';
import { LAYOUTS } from './layouts.ts';
import type { OutletSpec } from './model.ts';
import { canonical, feedLink, title } from './page-head.ts';
import { type ArticlePage, authorOf, footer, header, type Link, paragraphs, shell, shownDate } from './page-parts.ts';

/** An article page, as text: the caller encodes it. */
export function renderArticle(page: ArticlePage): string {
  return LAYOUTS[page.outlet.layout](page, labelsOf(page.outlet.language));
}

/** The AMP rendering of an article: little around the text, and no script of ours. */
export function renderAmp(page: ArticlePage): string {
  const { outlet, content } = page;
  return `<!doctype html>
<html amp lang="${outlet.language}" dir="${directionOf(outlet.language)}">
<head>
<meta charset="${outlet.encoding}">
${title(page, ' | ')}
${canonical(page)}
</head>
<body>
<header class="amp-head"><a href="${esc(page.siteUrl)}">${esc(outlet.name)}</a></header>
<article class="amp-article"><h1>${esc(content.title)}</h1>
<p class="amp-meta">${esc(authorOf(page, labelsOf(outlet.language)))} · ${shownDate(page)}</p>
<amp-img src="${esc(page.imageUrl)}" width="720" height="405" layout="responsive"></amp-img>
${paragraphs(content).join('\n')}
</article>
<footer><p>© ${esc(outlet.name)}</p></footer>
</body>
</html>
`;
}

/** The home page or a section front: headlines with leads, no article. */
export function renderFront(
  outlet: OutletSpec,
  site: { siteUrl: string; feedUrl: string },
  section: string | undefined,
  articles: readonly (Link & { lead: string })[],
): string {
  const labels = labelsOf(outlet.language);
  const title = section ? `${section} | ${outlet.name}` : `${outlet.name} | ${outlet.tagline}`;
  const cards = articles
    .map(({ title, url, lead }) => `<li><h2><a href="${esc(url)}">${esc(title)}</a></h2><p>${esc(lead)}</p></li>`)
    .join('\n');
  return shell(
    outlet,
    `<title>${esc(title)}</title>\n${feedLink(outlet, site.feedUrl)}\n<meta property="og:type" content="website">`,
    `${header(outlet, site.siteUrl, labels)}
<main class="front">${section ? `<h1>${esc(section)}</h1>` : ''}<ul class="cards">
${cards}
</ul></main>
${footer(outlet, labels)}`,
  );
}
