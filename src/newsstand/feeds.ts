import { writeIsoLocal, writeRfc822 } from './dates.ts';
import { escapeMarkup as esc } from './labels.ts';
import type { Content, OutletSpec } from './model.ts';

/** What a feed document says of one article. */
export interface FeedItem {
  id: string;
  url: string;
  publishedAt: Date;
  content: Content;
}

export interface FeedHead {
  outlet: OutletSpec;
  siteUrl: string;
  feedUrl: string;
  /** Newest first. */
  items: readonly FeedItem[];
}

const MAX_SUMMARY_CHARS = 320;

export const CONTENT_TYPES = {
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  rdf: 'application/rdf+xml',
  json: 'application/feed+json',
} as const;

/** The feed of an outlet in its own format, as text: the caller encodes it. */
export function renderFeed(head: FeedHead): string {
  switch (head.outlet.format) {
    case 'rss':
      return renderRss(head);
    case 'atom':
      return renderAtom(head);
    case 'rdf':
      return renderRdf(head);
    case 'json':
      return renderJsonFeed(head);
  }
}

/** Lead of the article, cut at a word. */
export function summaryOf(content: Content): string {
  const lead = content.subtitle ?? content.body[0]?.text ?? '';
  if (lead.length <= MAX_SUMMARY_CHARS) return lead;
  const cut = lead.slice(0, MAX_SUMMARY_CHARS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_SUMMARY_CHARS / 2))}…`;
}

function bodyHtml(content: Content): string {
  return content.body.map(({ type, text }) => `<${type}>${esc(text)}</${type}>`).join('\n');
}

/** RSS 2.0 with Dublin Core authors. */
function renderRss({ outlet, siteUrl, feedUrl, items }: FeedHead): string {
  const entries = items.map(({ id, url, publishedAt, content }) =>
    [
      '<item>',
      `<title>${esc(content.title)}</title>`,
      `<link>${esc(url)}</link>`,
      `<guid isPermaLink="false">${outlet.id}:${id}</guid>`,
      `<pubDate>${writeRfc822(publishedAt, outlet.utcOffset)}</pubDate>`,
      content.author && `<dc:creator>${esc(content.author)}</dc:creator>`,
      content.section && `<category>${esc(content.section)}</category>`,
      `<description>${esc(summaryOf(content))}</description>`,
      outlet.fullContent && `<content:encoded><![CDATA[${bodyHtml(content)}]]></content:encoded>`,
      '</item>',
    ]
      .filter(Boolean)
      .join('\n'),
  );
  return `<?xml version="1.0" encoding="${outlet.encoding}"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>${esc(outlet.name)}</title>
<link>${esc(siteUrl)}</link>
<description>${esc(outlet.tagline)}</description>
<language>${outlet.language}</language>
<atom:link href="${esc(feedUrl)}" rel="self" type="${CONTENT_TYPES.rss}"/>
<ttl>5</ttl>
${entries.join('\n')}
</channel>
</rss>
`;
}

function renderAtom({ outlet, siteUrl, feedUrl, items }: FeedHead): string {
  const entries = items.map(
    ({ id, url, publishedAt, content }) => `<entry>
<id>tag:newsstand,2026:${outlet.id}/${id}</id>
<title>${esc(content.title)}</title>
<link rel="alternate" type="text/html" href="${esc(url)}"/>
<published>${writeIsoLocal(publishedAt, outlet.utcOffset)}</published>
<updated>${writeIsoLocal(publishedAt, outlet.utcOffset)}</updated>
${content.author ? `<author><name>${esc(content.author)}</name></author>\n` : ''}${content.section ? `<category term="${esc(content.section)}"/>\n` : ''}<summary>${esc(summaryOf(content))}</summary>${outlet.fullContent ? `\n<content type="html">${esc(bodyHtml(content))}</content>` : ''}
</entry>`,
  );
  const updated = items[0]?.publishedAt ?? new Date(0);
  return `<?xml version="1.0" encoding="${outlet.encoding}"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${outlet.language}">
<id>${esc(siteUrl)}</id>
<title>${esc(outlet.name)}</title>
<subtitle>${esc(outlet.tagline)}</subtitle>
<link rel="self" href="${esc(feedUrl)}"/>
<link rel="alternate" type="text/html" href="${esc(siteUrl)}"/>
<author><name>${esc(outlet.name)}</name></author>
<updated>${updated.toISOString()}</updated>
${entries.join('\n')}
</feed>
`;
}

/** RSS 1.0. */
function renderRdf({ outlet, siteUrl, feedUrl, items }: FeedHead): string {
  const entries = items.map(
    ({ url, publishedAt, content }) => `<item rdf:about="${esc(url)}">
<title>${esc(content.title)}</title>
<link>${esc(url)}</link>
<description>${esc(summaryOf(content))}</description>
<dc:date>${writeIsoLocal(publishedAt, outlet.utcOffset)}</dc:date>
${content.author ? `<dc:creator>${esc(content.author)}</dc:creator>\n` : ''}${content.section ? `<dc:subject>${esc(content.section)}</dc:subject>\n` : ''}</item>`,
  );
  return `<?xml version="1.0" encoding="${outlet.encoding}"?>
<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="${esc(feedUrl)}">
<title>${esc(outlet.name)}</title>
<link>${esc(siteUrl)}</link>
<description>${esc(outlet.tagline)}</description>
<dc:language>${outlet.language}</dc:language>
<items><rdf:Seq>
${items.map(({ url }) => `<rdf:li rdf:resource="${esc(url)}"/>`).join('\n')}
</rdf:Seq></items>
</channel>
${entries.join('\n')}
</rdf:RDF>
`;
}

/** JSON Feed 1.1. */
function renderJsonFeed({ outlet, siteUrl, feedUrl, items }: FeedHead): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title: outlet.name,
    description: outlet.tagline,
    home_page_url: siteUrl,
    feed_url: feedUrl,
    language: outlet.language,
    items: items.map(({ id, url, publishedAt, content }) => ({
      id: `${outlet.id}/${id}`,
      url,
      title: content.title,
      summary: summaryOf(content),
      content_text: outlet.fullContent ? content.body.map(({ text }) => text).join('\n\n') : summaryOf(content),
      date_published: writeIsoLocal(publishedAt, outlet.utcOffset),
      authors: content.author ? [{ name: content.author }] : [],
      tags: content.tags,
    })),
  };
  return JSON.stringify(feed, null, 1);
}

export interface OpmlOutlet {
  name: string;
  language: string;
  siteUrl: string;
  feedUrl: string;
}

/** OPML 2.0, one folder per language. */
export function renderOpml(title: string, outlets: readonly OpmlOutlet[]): string {
  const languages = [...new Set(outlets.map(({ language }) => language))];
  const folders = languages.map((language) => {
    const lines = outlets
      .filter((outlet) => outlet.language === language)
      .map(
        ({ name, siteUrl, feedUrl }) =>
          `<outline type="rss" text="${esc(name)}" title="${esc(name)}" xmlUrl="${esc(feedUrl)}" htmlUrl="${esc(siteUrl)}" language="${language}"/>`,
      );
    return `<outline text="${language}">\n${lines.join('\n')}\n</outline>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
<head><title>${esc(title)}</title></head>
<body>
${folders.join('\n')}
</body>
</opml>
`;
}
