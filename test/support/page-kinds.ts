import { buildCatalogue } from '../../src/newsstand/catalogue.ts';
import { directionOf, escapeMarkup as esc, type Labels, labelsOf } from '../../src/newsstand/labels.ts';
import type { Content, OutletSpec } from '../../src/newsstand/model.ts';
import { WORDS } from './page-words.ts';

/** A page whose kind is known, because it was made. */
export interface KnownPage {
  kind: string;
  style: Style;
  language: string;
  url: string;
  html: string;
  isArticle: boolean;
}

/** With metadata and speaking elements; nested divs with class names; tables without any. */
export const STYLES = ['modern', 'divs', 'tables'] as const;
type Style = (typeof STYLES)[number];

const NOW = new Date('2026-03-18T12:00:00Z');
const SITE = 'https://outlet.example';
const LISTED = 16;

interface Card {
  title: string;
  lead: string;
  href: string;
}

/** What pages of one language are made of. */
interface Stock {
  language: string;
  outlet: OutletSpec;
  labels: Labels;
  words: (typeof WORDS)[string];
  articles: Content[];
  cards: Card[];
}

function stockOf(language: string): Stock {
  const { outlets, items } = buildCatalogue({ seed: 5, count: 0, now: NOW });
  const own = outlets.filter((outlet) => outlet.language === language);
  const articles = own.flatMap(({ id }) => items.get(id) ?? []).map((item) => item.content());
  // Languages with few articles list their paragraphs as stories of their own.
  const paragraphs = articles.flatMap(({ body }) => body.filter(({ type }) => type === 'p').map(({ text }) => text));
  const titled = articles.map(({ title, body }) => ({ title, lead: body[0]?.text ?? '' }));
  const cards = [...titled, ...paragraphs.map((text) => ({ title: cut(text, 60), lead: text }))]
    .slice(0, LISTED)
    .map(({ title, lead }, n) => ({ title, lead: cut(lead, 180), href: `/news/${4100 + n}` }));
  const words = WORDS[language];
  if (!words) throw new Error(`no words for ${language}`);
  return { language, outlet: own[0] as OutletSpec, labels: labelsOf(language), words, articles, cards };
}

function cut(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const space = text.lastIndexOf(' ', chars);
  return `${text.slice(0, space > chars / 2 ? space : chars)}…`;
}

/** Whole sentences of a text, up to so many characters, at least one. */
function sentences(text: string, chars: number): string {
  const found = text.match(/[^.。۔！？!?]+[.。۔！？!?]*\s*/gu) ?? [text];
  let taken = '';
  for (const sentence of found) {
    if (taken !== '' && taken.length + sentence.length > chars) break;
    taken += sentence;
  }
  return taken.trim();
}

const MAKERS: Record<
  string,
  (stock: Stock, style: Style) => { url: string; title: string; head?: string; main: string }
> = {
  // --- no articles ---
  'front page': ({ outlet, cards }, style) => ({
    url: '/',
    title: `${outlet.name} | ${outlet.tagline}`,
    head: listHead(style, 'WebSite'),
    main: list(cards, style),
  }),
  'section front': ({ outlet, cards }, style) => {
    const name = outlet.menu[1] ?? outlet.name;
    const url = { modern: '/section/2', divs: `/${encodeURIComponent(name)}`, tables: '/list.php?cat=7' }[style];
    return {
      url,
      title: `${name} - ${outlet.name}`,
      head: listHead(style, 'CollectionPage'),
      main: `<h1>${esc(name)}</h1>${list(cards, style)}`,
    };
  },
  'tag page': ({ outlet, articles, cards, labels }, style) => {
    const tag = articles[0]?.tags[0] ?? outlet.name;
    return {
      url: {
        modern: `/tag/${encodeURIComponent(tag)}`,
        divs: `/topics/${encodeURIComponent(tag)}`,
        tables: '/tags.asp?id=318',
      }[style],
      title: `${tag} | ${outlet.name}`,
      head: listHead(style, 'CollectionPage'),
      main: `<h1>${esc(labels.tags)}: ${esc(tag)}</h1>${list(cards, style)}`,
    };
  },
  'author page': ({ outlet, articles, cards, labels }, style) => {
    const name = articles.find(({ author }) => author)?.author ?? labels.desk;
    return {
      url: { modern: '/author/17', divs: '/writers/17-profile', tables: '/writer.php?id=17' }[style],
      title: `${name} - ${outlet.name}`,
      head: listHead(style, 'ProfilePage'),
      main: `<h1>${esc(name)}</h1><p>${esc(labels.bio)}</p>${list(cards, style)}`,
    };
  },
  'search results': ({ outlet, articles, cards, words }, style) => {
    const query = articles[0]?.title.split(/\s+/).slice(0, 2).join(' ') ?? '';
    return {
      url: `/search?q=${encodeURIComponent(query)}`,
      title: `${words.results} ${query} | ${outlet.name}`,
      head: listHead(style, 'SearchResultsPage'),
      main: `<h1>${esc(words.results)} “${esc(query)}” (16)</h1>${list(cards, style)}`,
    };
  },
  'list that names its articles': ({ outlet, cards }, style) => {
    const items = cards.slice(0, 10).map(({ title, href }, n) => ({
      '@type': 'ListItem',
      position: n + 1,
      item: { '@type': 'NewsArticle', headline: title, url: SITE + href, datePublished: '2026-03-18T06:00:00Z' },
    }));
    const ld = { '@context': 'https://schema.org', '@type': 'ItemList', itemListElement: items };
    return {
      url: { modern: '/politics', divs: '/news/local/', tables: '/list/2300' }[style],
      title: `${outlet.menu[0]} - ${outlet.name}`,
      // Some weblog systems call every page an article.
      head: `<meta property="og:type" content="article"><script type="application/ld+json">${JSON.stringify(ld)}</script>`,
      main: `<h1>${esc(outlet.menu[0] ?? '')}</h1>${list(cards, style)}`,
    };
  },
  'weblog front': ({ outlet, articles, cards }, style) => ({
    url: { modern: '/', divs: '/page/2', tables: '/blog' }[style],
    title: outlet.name,
    main: cards
      .slice(0, 6)
      .map(({ title, href }, n) => {
        const { body } = articles[n % articles.length] as Content;
        return `<div class="post"><h2><a href="${href}">${esc(title)}</a></h2><p class="date">${18 - n}/3/2026</p>${paragraphs(body.slice(0, 3).map(({ text }) => text))}</div>`;
      })
      .join('\n'),
  }),
  'archive of a day': ({ outlet, cards }, style) => ({
    url: '/2026/03/18/',
    title: `18/3/2026 - ${outlet.name}`,
    main: `<h1>18/3/2026</h1>${list(
      cards.map((card) => ({ ...card, lead: '' })),
      style,
    )}`,
  }),
  'gallery index': ({ outlet, cards, words }, style) => ({
    url: { modern: '/galleries', divs: '/photos/', tables: '/photo.php' }[style],
    title: `${words.gallery} - ${outlet.name}`,
    main: `<h1>${esc(words.gallery)}</h1>${cards.map(({ title, href }, n) => `<div class="tile"><a href="${href}"><img src="/t/${n}.jpg" alt=""></a><a href="${href}">${esc(title)}</a></div>`).join('')}`,
  }),
  'error page': ({ outlet, words, labels }) => ({
    url: '/news/99999',
    title: `${words.gone} | ${outlet.name}`,
    main: `<h1>404</h1><h2>${esc(words.gone)}</h2><p>${esc(words.goneText)}</p><a href="/">${esc(labels.home)}</a>`,
  }),
  'error page with headlines': ({ outlet, words, cards, labels }, style) => ({
    url: '/2026/03/17/moved-story-99999',
    title: `${words.gone} - ${outlet.name}`,
    main: `<h1>${esc(words.gone)}</h1><p>${esc(words.goneText)}</p><h2>${esc(labels.mostRead)}</h2>${list(cards.slice(0, 6), style)}`,
  }),
  'script wall': ({ outlet, words }) => ({
    url: '/news/41207',
    title: outlet.name,
    main: `<div><p>${esc(words.script)}</p></div>`,
  }),
  'sign-in page': ({ words, outlet, labels }) => ({
    url: '/account/login?next=%2Fnews%2F41207',
    title: `${words.login} - ${outlet.name}`,
    main: `<h1>${esc(words.login)}</h1><p>${esc(words.loginText)}</p><form><input name="email"><button>${esc(words.login)}</button></form><p><a href="/privacy">${esc(labels.privacy)}</a></p>`,
  }),
  'league table': ({ outlet, cards }) => ({
    url: '/sport/table',
    title: `${outlet.menu.at(-1)} - ${outlet.name}`,
    main: `<h1>${esc(outlet.menu.at(-1) ?? '')}</h1><table>${cards.map(({ title }, n) => `<tr><td>${n + 1}</td><td><a href="/team/${n}">${esc(title.split(' ').slice(0, 2).join(' '))}</a></td><td>${26}</td><td>${52 - 2 * n}</td></tr>`).join('')}</table>`,
  }),

  // --- articles ---
  report: (stock, style) => article(stock, style, 0, (content) => paragraphs(content.body.map(({ text }) => text))),
  'report without a date': (stock, style) => ({
    ...article(stock, style, 1, (content) => paragraphs(content.body.map(({ text }) => text))),
    head: '',
  }),
  'news flash': (stock, style) =>
    article(stock, style, 0, ({ body }) => `<p>${esc(sentences(body[0]?.text ?? '', 170))}</p>`, stock.words.flash),
  'flash of two sentences': (stock, style) =>
    article(stock, style, 1, ({ body }) => paragraphs(body.slice(0, 2).map(({ text }) => sentences(text, 120)))),
  'video with a short text': (stock, style) =>
    article(
      stock,
      style,
      0,
      ({ body }) =>
        `<div class="player"><video src="/v.mp4"></video></div><p>${esc(sentences(body[0]?.text ?? '', 240))}</p>`,
      stock.words.video,
    ),
  'photo gallery': (stock, style) =>
    article(
      stock,
      style,
      1,
      ({ body }) =>
        `<p>${esc(body[0]?.text ?? '')}</p>${body
          .slice(1, 6)
          .map(
            ({ text }, n) =>
              `<div class="slide"><img src="/g/${n}.jpg" alt=""><p>${esc(sentences(text, 140))}</p></div>`,
          )
          .join('')}`,
      stock.words.gallery,
    ),
  'live blog': (stock, style) =>
    article(
      stock,
      style,
      0,
      ({ body }) =>
        stock.articles
          .flatMap((other) => (other.body === body ? [] : other.body))
          .concat(body)
          .slice(0, 14)
          .map(
            ({ text }, n) =>
              `<div class="update"><span class="time">${20 - n}:${10 + n}</span><p>${esc(text)}</p></div>`,
          )
          .join(''),
      stock.words.live,
    ),
  'paywalled teaser': (stock, style) =>
    article(
      stock,
      style,
      1,
      ({ body }) =>
        `<p>${esc(body[0]?.text ?? '')}</p><div class="offer"><p>${esc(stock.words.paywall)}</p><a href="/subscribe">${esc(stock.labels.subscribe)}</a></div>`,
    ),
};

const ARTICLES = new Set(Object.keys(MAKERS).slice(Object.keys(MAKERS).indexOf('report')));

/** Every kind of page in every style and each of the languages. */
export function makePages(languages: readonly string[] = Object.keys(WORDS)): KnownPage[] {
  return languages.flatMap((language) => {
    const stock = stockOf(language);
    return Object.entries(MAKERS).flatMap(([kind, make]) =>
      STYLES.map((style): KnownPage => {
        const { url, title, head = '', main } = make(stock, style);
        return {
          kind,
          style,
          language,
          url: SITE + url,
          html: shell(stock, style, title, head, main),
          isArticle: ARTICLES.has(kind),
        };
      }),
    );
  });
}

function article(
  { articles, outlet, labels, cards }: Stock,
  style: Style,
  n: number,
  body: (content: Content) => string,
  kicker?: string,
): { url: string; title: string; head: string; main: string } {
  const content = articles[n % articles.length] as Content;
  const title = kicker ? `${kicker}: ${content.title}` : content.title;
  const number = 41_207 + n;
  const url = { modern: `/2026/03/18/story-${number}`, divs: `/news/${number}`, tables: `/article.php?id=${number}` }[
    style
  ];
  const ld = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: title,
    datePublished: '2026-03-18T08:00:00Z',
  };
  const head =
    style === 'modern'
      ? `<meta property="og:type" content="article"><meta property="og:title" content="${esc(title)}"><script type="application/ld+json">${JSON.stringify(ld)}</script>`
      : style === 'divs'
        ? `<meta property="og:title" content="${esc(title)}"><meta property="article:published_time" content="2026-03-18T08:00:00Z">`
        : '';
  const byline = `${labels.by} ${content.author ?? labels.desk}`;
  const inner = body(content);
  const links = cards
    .slice(2, 7)
    .map(({ title, href }) => `<li><a href="${href}">${esc(title)}</a></li>`)
    .join('');
  const main = {
    modern: `<article><h1>${esc(title)}</h1><p class="byline">${esc(byline)}</p><time datetime="2026-03-18T08:00:00Z">18/3/2026</time><div class="body">${inner}</div></article><aside><h2>${esc(labels.related)}</h2><ul>${links}</ul></aside>`,
    divs: `<div class="post"><h1 class="entry-title">${esc(title)}</h1><div class="meta">${esc(byline)} | 18/3/2026</div><div class="entry-content">${inner}</div><div class="related"><h3>${esc(labels.related)}</h3><ul>${links}</ul></div></div>`,
    tables: `<table><tr><td><font size="5"><b>${esc(title)}</b></font><br><font size="2">${esc(byline)}<br>18/3/2026</font><br><br>${inner.replaceAll('<p>', '').replaceAll('</p>', '<br><br>')}</td><td>${links}</td></tr></table>`,
  }[style];
  return { url, title: `${title} - ${outlet.name}`, head, main };
}

function paragraphs(texts: readonly string[]): string {
  return texts.map((text) => `<p>${esc(text)}</p>`).join('\n');
}

function list(cards: readonly Card[], style: Style): string {
  const parts = cards.map(({ title, lead, href }) => ({ title: esc(title), lead: lead && esc(lead), href }));
  switch (style) {
    case 'modern':
      return `<section class="cards">${parts.map(({ title, lead, href }) => `<article class="card"><h3><a href="${href}">${title}</a></h3>${lead && `<p>${lead}</p>`}<time datetime="2026-03-18">18/3</time></article>`).join('\n')}</section>`;
    case 'divs':
      return `<div class="listing">${parts.map(({ title, lead, href }) => `<div class="item"><a class="t" href="${href}">${title}</a>${lead && `<div class="d">${lead}</div>`}</div>`).join('\n')}</div>`;
    case 'tables':
      return `<table>${parts.map(({ title, lead, href }) => `<tr><td><a href="${href}"><b>${title}</b></a><br>${lead}</td></tr>`).join('\n')}</table>`;
  }
}

function listHead(style: Style, type: string): string {
  if (style !== 'modern') return '';
  return `<meta property="og:type" content="website"><script type="application/ld+json">${JSON.stringify({ '@context': 'https://schema.org', '@type': type })}</script>`;
}

function shell({ language, outlet, labels }: Stock, style: Style, title: string, head: string, main: string): string {
  const menu = outlet.menu.map((name, n) => `<li><a href="/section/${n + 1}">${esc(name)}</a></li>`).join('');
  const foot = `© ${esc(outlet.name)}. ${esc(labels.rights)} <a href="/about">${esc(labels.about)}</a> <a href="/contact">${esc(labels.contact)}</a>`;
  const body = {
    modern: `<header><a href="/">${esc(outlet.name)}</a><nav><ul>${menu}</ul></nav></header><main>${main}</main><footer><p>${foot}</p></footer>`,
    divs: `<div id="top"><a href="/">${esc(outlet.name)}</a><ul class="menu">${menu}</ul></div><div id="content">${main}</div><div id="side"><h3>${esc(labels.newsletter)}</h3><p>${esc(labels.newsletterText)}</p></div><div id="bottom">${foot}</div>`,
    tables: `<table width="960"><tr><td colspan="2"><b>${esc(outlet.name)}</b> ${outlet.menu.map((name) => `<a href="/l">${esc(name)}</a>`).join(' | ')}</td></tr><tr><td>${main}</td></tr><tr><td>${foot}</td></tr></table>`,
  }[style];
  return `<!DOCTYPE html><html lang="${language}" dir="${directionOf(language)}"><head><meta charset="utf-8"><title>${esc(title)}</title>${head}</head><body>${body}</body></html>`;
}
