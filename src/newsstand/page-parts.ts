import { formatter, shiftBy } from './dates.ts';
import { directionOf, escapeMarkup as esc, type Labels } from './labels.ts';
import type { Content, OutletSpec } from './model.ts';

export interface Link {
  title: string;
  url: string;
}

/** Everything an article page shows. */
export interface ArticlePage {
  outlet: OutletSpec;
  siteUrl: string;
  feedUrl: string;
  /** Address without tracking parameters. */
  url: string;
  imageUrl: string;
  /** What this page of it shows. */
  content: Content;
  /** Addresses of all its pages, and the number of this one. */
  pages: readonly string[];
  page: number;
  ampUrl?: string | undefined;
  publishedAt: Date;
  related: readonly Link[];
  mostRead: readonly Link[];
}

export function shell(outlet: OutletSpec, head: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="${outlet.language}" dir="${directionOf(outlet.language)}">
<head>
<meta charset="${outlet.encoding}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}
<style>${style(outlet.colour)}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function style(colour: string): string {
  return `body{font:17px/1.7 Georgia,'Noto Naskh Arabic','Amiri',serif;margin:0;color:#222;background:#fff}a{color:${colour}}
header.site{background:${colour};color:#fff;padding:14px 24px}header.site a{color:#fff;text-decoration:none}header.site .name{font-size:32px;font-weight:700}
nav ul{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;padding:0;margin:8px 0}footer ul{display:flex;flex-wrap:wrap;gap:16px;list-style:none;padding:0}
main,#page .wrap,#container,.news-page{max-width:720px;margin:24px auto;padding:0 16px}h1,.main-title{line-height:1.3;font-size:32px;margin:8px 0}figure{margin:16px 0}
img{display:block;width:100%;height:auto;max-height:300px;object-fit:cover}figcaption,.wp-caption-text,.photo-caption,.photo-credit,time,.date,.stamp,.story-info{font-size:14px;color:#666}
.cards{list-style:none;padding:0}.cards h2{font-size:20px;margin:20px 0 0}.cards p{margin:4px 0}footer{background:#f2f2f2;padding:20px;margin-top:40px;font-size:14px}
aside,.widget,.promo,.ad,.banner,.also,.newsletter-signup,.author-box{background:#f7f5f0;padding:8px 14px;margin:16px 0}.skip{position:absolute;inset-inline-start:-999px}
.cookie{position:fixed;bottom:0;inset-inline:0;display:flex;gap:16px;align-items:center;background:#222;color:#fff;padding:4px 16px;font-size:14px}.cookie a{color:#fff}.cookie p{margin:6px 0}`;
}

export function header(outlet: OutletSpec, siteUrl: string, labels: Labels): string {
  const menu = outlet.menu.map((name, index) => `<li><a href="/section/${index + 1}">${esc(name)}</a></li>`).join('');
  return `<header class="site"><div class="name"><a href="${esc(siteUrl)}">${esc(outlet.name)}</a></div><div class="tagline">${esc(outlet.tagline)}</div>
<nav><ul class="menu">${menu}</ul></nav><form class="search" action="/search"><input name="q" placeholder="${esc(labels.search)}"></form></header>`;
}

export function footer(outlet: OutletSpec, labels: Labels): string {
  return `<footer class="site-footer"><ul>${outlet.menu.map((name, index) => `<li><a href="/section/${index + 1}">${esc(name)}</a></li>`).join('')}</ul>
<p>${esc(labels.follow)} <a href="#">Facebook</a> <a href="#">X</a> <a href="#">YouTube</a></p>
<p><a href="/about">${esc(labels.about)}</a> · <a href="/privacy">${esc(labels.privacy)}</a> · <a href="/contact">${esc(labels.contact)}</a></p>
<p>© ${esc(outlet.name)}. ${esc(labels.rights)}</p></footer>`;
}

export function paragraphs(content: Content): string[] {
  return content.body.map(({ type, text }) => `<${type}>${esc(text)}</${type}>`);
}

export function list(links: readonly Link[], tag: 'ul' | 'ol' = 'ul'): string {
  return `<${tag}>${links.map(({ title, url }) => `<li><a href="${esc(url)}">${esc(title)}</a></li>`).join('')}</${tag}>`;
}

export function share(labels: Labels): string {
  return `<div class="share"><span>${esc(labels.share)}</span> <a href="#">Facebook</a> <a href="#">X</a> <a href="#">WhatsApp</a> <button>${esc(labels.copyLink)}</button></div>`;
}

export function comments(page: ArticlePage, labels: Labels): string {
  const at = shownDate(page);
  return `<section id="comments" class="comments"><h3>${esc(labels.comments)} (2)</h3>
<div class="comment"><b>Salim_77</b> <small>${at}</small><p>${esc(labels.comment)}</p></div>
<div class="comment"><b>reader.one</b> <small>${at}</small><p>${esc(labels.comment2)}</p></div>
<a class="add" href="#">${esc(labels.writeComment)}</a></section>`;
}

export function figure({ imageUrl, content, outlet }: ArticlePage, labels: Labels): string {
  const caption = content.caption
    ? `<figcaption><span class="credit">${esc(labels.credit)} ${esc(content.credit ?? outlet.name)}</span> <span>${esc(labels.caption)} ${esc(content.caption)}</span></figcaption>`
    : '';
  return `<figure><img src="${esc(imageUrl)}" alt="${esc(content.caption ?? '')}" width="720" height="405">${caption}</figure>`;
}

export function cookieNotice(labels: Labels): string {
  return `<div class="cookie" role="dialog"><p>${esc(labels.cookies)} <a href="/privacy">${esc(labels.privacy)}</a></p><button>${esc(labels.accept)}</button></div>`;
}

/** Links to the other pages of an article that has several. */
export function pager({ pages, page }: ArticlePage): string {
  if (pages.length < 2) return '';
  const links = pages.map((url, index) =>
    index + 1 === page ? `<b>${index + 1}</b>` : `<a href="${esc(url)}">${index + 1}</a>`,
  );
  return `<div class="pages">${links.join(' ')}</div>`;
}

export function sectionOf({ content, outlet }: ArticlePage): string {
  return content.section ?? outlet.menu[0] ?? outlet.name;
}

export function authorOf({ content, outlet }: ArticlePage, labels: Labels): string {
  return content.author ?? `${labels.desk} - ${outlet.name}`;
}

/** Date and time in words, on the outlet's own clock. */
export function shownDate({ publishedAt, outlet }: ArticlePage): string {
  const locale = outlet.language === 'fa' ? 'fa-IR-u-ca-persian' : `${outlet.language}-u-nu-latn`;
  return formatter(locale, { dateStyle: 'long', timeStyle: 'short' }).format(shiftBy(publishedAt, outlet.utcOffset));
}
