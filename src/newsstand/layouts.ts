import { writeIsoLocal } from './dates.ts';
import { summaryOf } from './feeds.ts';
import { directionOf, escapeMarkup as esc, type Labels } from './labels.ts';
import type { Layout } from './model.ts';
import { canonical, feedLink, jsonLd, jsonLdGraph, openGraph, title } from './page-head.ts';
import {
  type ArticlePage,
  authorOf,
  comments,
  cookieNotice,
  figure,
  footer,
  header,
  list,
  pager,
  paragraphs,
  sectionOf,
  share,
  shell,
  shownDate,
} from './page-parts.ts';

export const LAYOUTS: Record<Layout, (page: ArticlePage, labels: Labels) => string> = {
  article: renderArticleLayout,
  'div-soup': renderDivSoup,
  legacy: renderLegacy,
  microdata: renderMicrodata,
  'bare-div': renderBareDiv,
  portal: renderPortal,
};

/** A modern site: `<article>`, JSON-LD and OpenGraph, a related box and a newsletter box inside the body. */
function renderArticleLayout(page: ArticlePage, labels: Labels): string {
  const { outlet, content } = page;
  const blocks = paragraphs(content);
  const middle = Math.ceil(blocks.length / 2);
  return shell(
    outlet,
    [title(page, ' - '), canonical(page), openGraph(page), jsonLd(page), feedLink(outlet, page.feedUrl)].join('\n'),
    `<a class="skip" href="#content">${esc(labels.home)}</a>
${header(outlet, page.siteUrl, labels)}
<main id="content">
<article class="story">
<header>
<p class="kicker"><a href="/section/1">${esc(sectionOf(page))}</a></p>
<h1>${esc(content.title)}</h1>
${content.subtitle ? `<p class="standfirst">${esc(content.subtitle)}</p>` : ''}
<div class="meta"><span class="byline">${esc(labels.by)} <a rel="author" href="/author/1">${esc(authorOf(page, labels))}</a></span>
<time datetime="${writeIsoLocal(page.publishedAt, outlet.utcOffset)}">${esc(labels.published)} ${shownDate(page)}</time></div>
${share(labels)}
</header>
${figure(page, labels)}
<div class="story-body">
${blocks.slice(0, middle).join('\n')}
<aside class="related-inline"><h3>${esc(labels.readAlso)}</h3>${list(page.related.slice(0, 2))}</aside>
${blocks.slice(middle).join('\n')}
${pager(page)}
<div class="newsletter-signup"><h3>${esc(labels.newsletter)}</h3><p>${esc(labels.newsletterText)}</p><form action="/newsletter"><input type="email" name="email"><button>${esc(labels.subscribe)}</button></form></div>
</div>
<ul class="topics" aria-label="${esc(labels.tags)}">${content.tags.map((tag) => `<li><a href="/topic/${encodeURIComponent(tag)}">${esc(tag)}</a></li>`).join('')}</ul>
</article>
<aside class="sidebar">
<div class="ad" role="complementary"><span>${esc(labels.advert)}</span><p>${esc(labels.advertText)}</p></div>
<section class="most-read"><h2>${esc(labels.mostRead)}</h2>${list(page.mostRead, 'ol')}</section>
</aside>
<section class="related"><h2>${esc(labels.related)}</h2>${list(page.related)}</section>
${comments(page, labels)}
</main>
${cookieNotice(labels)}
${footer(outlet, labels)}`,
  );
}

/** A blog-like site of nested divs, OpenGraph only, "read also" lines between the paragraphs, an author box below. */
function renderDivSoup(page: ArticlePage, labels: Labels): string {
  const { outlet, content } = page;
  const body = paragraphs(content).flatMap((paragraph, index) => {
    const link = page.related[Math.floor(index / 3)];
    return index % 3 === 1 && link
      ? [
          paragraph,
          `<p class="read-more"><strong>${esc(labels.readAlso)}: <a href="${esc(link.url)}">${esc(link.title)}</a></strong></p>`,
        ]
      : [paragraph];
  });
  return shell(
    outlet,
    [title(page, ' – '), canonical(page), openGraph(page), feedLink(outlet, page.feedUrl)].join('\n'),
    `<div id="page"><div id="top-bar"><div class="inner">${shownDate(page)} <span class="follow">${esc(labels.follow)} <a href="#">Facebook</a> <a href="#">X</a></span></div></div>
${header(outlet, page.siteUrl, labels)}
<div class="wrap"><div class="col-8"><div class="post hentry">
<div class="breadcrumbs"><a href="/">${esc(labels.home)}</a> » <a href="/section/1">${esc(sectionOf(page))}</a></div>
<h1 class="entry-title">${esc(content.title)}</h1>
<div class="post-meta"><span class="author vcard">${esc(authorOf(page, labels))}</span> <span class="date">${shownDate(page)}</span> <span class="comments-count">2 ${esc(labels.comments)}</span></div>
<div class="post-thumb"><img src="${esc(page.imageUrl)}" alt=""><div class="wp-caption-text">${esc([content.caption, content.credit].filter(Boolean).join(' — '))}</div></div>
${content.subtitle ? `<div class="excerpt">${esc(content.subtitle)}</div>` : ''}
<div class="entry-content clearfix">
${body.join('\n')}
</div>
${pager(page)}
${share(labels)}
<div class="tagcloud">${esc(labels.tags)}: ${content.tags.map((tag) => `<a href="/tag/${encodeURIComponent(tag)}">${esc(tag)}</a>`).join(', ')}</div>
<div class="author-box"><h4>${esc(authorOf(page, labels))}</h4><p>${esc(labels.bio)}</p></div>
<div class="related-posts"><h3>${esc(labels.related)}</h3>${page.related.map(({ title, url }) => `<div class="item"><a href="${esc(url)}">${esc(title)}</a></div>`).join('\n')}</div>
${comments(page, labels)}
</div></div>
<div class="col-4" id="sidebar"><div class="widget"><h3>${esc(labels.mostRead)}</h3>${list(page.mostRead)}</div>
<div class="widget ad-300">${esc(labels.advert)}<br>${esc(labels.advertText)}</div>
<div class="widget subscribe"><h3>${esc(labels.newsletter)}</h3><p>${esc(labels.newsletterText)}</p></div></div></div>
${footer(outlet, labels)}</div>`,
  );
}

/** A site of the last century: tables, upper-case tags, the text in one cell broken by `<BR>`, no metadata at all. */
function renderLegacy(page: ArticlePage, labels: Labels): string {
  const { outlet, content } = page;
  const direction = directionOf(outlet.language);
  const [start, end] = direction === 'rtl' ? ['right', 'left'] : ['left', 'right'];
  const text = content.body
    .map(({ type, text }) => (type === 'h2' ? `<B>${esc(text)}</B>` : esc(text)))
    .join('<BR><BR>\n');
  return `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML>
<HEAD>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=${outlet.encoding}">
<TITLE>${esc(outlet.name)} :: ${esc(content.title)}</TITLE>
</HEAD>
<BODY BGCOLOR="#FFFFFF" DIR="${direction.toUpperCase()}" LINK="${outlet.colour}">
<TABLE WIDTH="960" ALIGN="center" BORDER="0" CELLPADDING="4">
<TR><TD COLSPAN="3" BGCOLOR="${outlet.colour}"><FONT COLOR="#FFFFFF" SIZE="6"><B>${esc(outlet.name)}</B></FONT> <FONT COLOR="#FFFFFF">${esc(outlet.tagline)}</FONT></TD></TR>
<TR><TD COLSPAN="3" BGCOLOR="#EEEEEE">${outlet.menu.map((name, index) => `<A HREF="/section/${index + 1}">${esc(name)}</A>`).join(' | ')} | <A HREF="/search">${esc(labels.search)}</A></TD></TR>
<TR VALIGN="top">
<TD WIDTH="160" ALIGN="${start}" BGCOLOR="#F6F6F6"><B>${esc(labels.mostRead)}</B><BR>${page.mostRead.map(({ title, url }) => `<A HREF="${esc(url)}">${esc(title)}</A>`).join('<BR>\n')}<BR><BR><FONT SIZE="1">${esc(labels.advert)}</FONT><BR>${esc(labels.advertText)}</TD>
<TD ALIGN="${start}">
<FONT SIZE="2" COLOR="#666666">${esc(sectionOf(page))} - ${shownDate(page)}</FONT><BR>
<FONT SIZE="5" COLOR="${outlet.colour}"><B>${esc(content.title)}</B></FONT><BR>
<FONT SIZE="2">${esc(labels.by)} ${esc(authorOf(page, labels))}</FONT><BR><BR>
<IMG SRC="${esc(page.imageUrl)}" WIDTH="300" ALIGN="${end}">
<DIV CLASS="newstext"><FONT SIZE="4">${text}</FONT></DIV>
${pager(page)}
<BR><A HREF="javascript:window.print()">Print</A> | <A HREF="#">${esc(labels.share)}</A>
<HR><B>${esc(labels.related)}</B><UL>${page.related.map(({ title, url }) => `<LI><A HREF="${esc(url)}">${esc(title)}</A>`).join('\n')}</UL>
<HR><B>${esc(labels.comments)}</B><BR>1. ${esc(labels.comment)}<BR>2. ${esc(labels.comment2)}<BR><FORM><TEXTAREA ROWS="4"></TEXTAREA><INPUT TYPE="submit" VALUE="${esc(labels.writeComment)}"></FORM>
</TD>
<TD WIDTH="140" ALIGN="${start}"><B>${esc(labels.newsletter)}</B><BR>${esc(labels.newsletterText)}</TD>
</TR>
<TR><TD COLSPAN="3" ALIGN="center"><FONT SIZE="1">${esc(labels.rights)} &copy; ${esc(outlet.name)} | <A HREF="/about">${esc(labels.about)}</A> | <A HREF="/contact">${esc(labels.contact)}</A></FONT></TD></TR>
</TABLE>
</BODY>
</HTML>
`;
}

/** schema.org microdata, no JSON-LD and no OpenGraph; an advert between the paragraphs. */
function renderMicrodata(page: ArticlePage, labels: Labels): string {
  const { outlet, content } = page;
  const blocks = paragraphs(content);
  return shell(
    outlet,
    [title(page, ' | '), canonical(page), `<meta name="description" content="${esc(summaryOf(content))}">`].join('\n'),
    `${header(outlet, page.siteUrl, labels)}
<div id="container"><div itemscope itemtype="https://schema.org/NewsArticle">
<meta itemprop="mainEntityOfPage" content="${esc(page.url)}">
<h2 itemprop="headline" class="main-title">${esc(content.title)}</h2>
<div class="info"><span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">${esc(authorOf(page, labels))}</span></span>
<span itemprop="datePublished" content="${writeIsoLocal(page.publishedAt, outlet.utcOffset)}">${shownDate(page)}</span>
<span itemprop="articleSection">${esc(sectionOf(page))}</span></div>
<div class="photo" itemprop="image" itemscope itemtype="https://schema.org/ImageObject"><img itemprop="url" src="${esc(page.imageUrl)}" alt=""><span class="photo-caption">${esc(content.caption ?? '')}</span><span class="photo-credit">${esc(labels.credit)} ${esc(content.credit ?? outlet.name)}</span></div>
${share(labels)}
<div itemprop="articleBody" class="article-text">
${blocks[0] ?? ''}
<div class="banner"><small>${esc(labels.advert)}</small> <a href="/ads/click?c=7">${esc(labels.advertText)}</a></div>
${blocks.slice(1).join('\n')}
</div>
${pager(page)}
<div class="also"><b>${esc(labels.readAlso)}:</b> ${list(page.related)}</div>
</div>
${comments(page, labels)}
<div class="side"><h3>${esc(labels.mostRead)}</h3>${list(page.mostRead, 'ol')}<h3>${esc(labels.newsletter)}</h3><p>${esc(labels.newsletterText)}</p></div></div>
${cookieNotice(labels)}
${footer(outlet, labels)}`,
  );
}

/** Every paragraph a bare div; only `<meta name=author>` and a date in words. */
function renderBareDiv(page: ArticlePage, labels: Labels): string {
  const { outlet, content } = page;
  const body = content.body
    .map(({ type, text }) => (type === 'h2' ? `<div class="sub">${esc(text)}</div>` : `<div>${esc(text)}</div>`))
    .join('\n');
  return shell(
    outlet,
    [title(page, ' - '), `<meta name="author" content="${esc(authorOf(page, labels))}">`, canonical(page)].join('\n'),
    `${header(outlet, page.siteUrl, labels)}
<div class="news-page"><div class="news-head"><span class="code">${esc(sectionOf(page))}</span><h1>${esc(content.title)}</h1><div class="stamp">${esc(labels.published)}: ${shownDate(page)}</div></div>
<div class="news-image"><img src="${esc(page.imageUrl)}" alt="${esc(content.caption ?? '')}"></div>
<div class="news-lead">${esc(content.subtitle ?? '')}</div>
<div class="news-text">
${body}
</div>
${pager(page)}
<div class="news-tags"><span>${esc(labels.tags)}</span> ${content.tags.map((tag) => `<a href="/tag/${encodeURIComponent(tag)}">${esc(tag)}</a>`).join(' ')}</div>
<div class="news-share">${esc(labels.share)} <a href="#">Telegram</a> <a href="#">WhatsApp</a> <a href="#">${esc(labels.copyLink)}</a></div>
<div class="news-related"><div class="box-title">${esc(labels.related)}</div>${page.related.map(({ title, url }) => `<div><a href="${esc(url)}">${esc(title)}</a></div>`).join('\n')}</div>
${comments(page, labels)}
</div>
<div class="news-side"><div class="box-title">${esc(labels.mostRead)}</div>${page.mostRead.map(({ title, url }) => `<div><a href="${esc(url)}">${esc(title)}</a></div>`).join('\n')}</div>
${footer(outlet, labels)}`,
  );
}

/** A portal: JSON-LD in an `@graph`, adverts and a newsletter between the paragraphs, a ticker of headlines above. */
function renderPortal(page: ArticlePage, labels: Labels): string {
  const { outlet, content } = page;
  const advert = `<div class="ad-slot" data-slot="mid"><span class="ad-label">${esc(labels.advert)}</span></div>`;
  const body = paragraphs(content).flatMap((paragraph, index) =>
    index > 0 && index % 3 === 0 ? [advert, paragraph] : [paragraph],
  );
  return shell(
    outlet,
    [title(page, ' | '), canonical(page), openGraph(page), jsonLdGraph(page), feedLink(outlet, page.feedUrl)].join(
      '\n',
    ),
    `<div class="ticker"><marquee>${page.mostRead.map(({ title, url }) => `<a href="${esc(url)}">${esc(title)}</a>`).join(' • ')}</marquee></div>
${header(outlet, page.siteUrl, labels)}
<main role="main"><section class="story-wrap">
<h5 class="section-name">${esc(sectionOf(page))}</h5>
<h1>${esc(content.title)}</h1>
${content.subtitle ? `<h2 class="deck">${esc(content.subtitle)}</h2>` : ''}
<div class="story-info"><span>${esc(authorOf(page, labels))}</span> · <span>${shownDate(page)}</span> · <span>${esc(labels.updated)} ${shownDate(page)}</span></div>
${figure(page, labels)}
<div class="story-content">
${body.join('\n')}
</div>
${pager(page)}
<div class="promo"><h4>${esc(labels.newsletter)}</h4><p>${esc(labels.newsletterText)}</p><a class="button" href="/newsletter">${esc(labels.subscribe)}</a></div>
${share(labels)}
</section>
<section class="rail"><h4>${esc(labels.related)}</h4>${list(page.related)}</section></main>
${cookieNotice(labels)}
${footer(outlet, labels)}`,
  );
}
