import type { Handler } from './misbehaving-site.ts';

export interface Item {
  title: string;
  link?: string;
  guid?: string;
  /** Escaped mark-up. */
  text?: string;
  at?: Date;
}

/** An RSS document; another `end` than the usual one makes it a broken one. */
export function rss(items: readonly Item[], end = '</channel></rss>'): string {
  const element = (name: string, text: string | undefined) => (text ? `<${name}>${text}</${name}>` : '');
  return `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>أخبار الميناء</title>${items
    .map(
      ({ title, link, guid, text, at }) =>
        `<item>${element('title', title)}${element('link', link)}${element('guid', guid)}${element('description', text)}${element('pubDate', at?.toUTCString())}</item>`,
    )
    .join('')}${end}`;
}

/** Answers with what `body` returns at that moment. */
export const sends =
  (body: () => string, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8', ...headers }).end(body());

/** A news page with these paragraphs. */
export const newsPage = (title: string, paragraphs: readonly string[]): string =>
  `<!doctype html><html lang="ar" dir="rtl"><head><title>${title}</title><meta property="og:type" content="article"><meta property="article:published_time" content="2026-06-01T09:00:00Z"></head><body><nav><a href="/">الرئيسية</a><a href="/sport">رياضة</a></nav><article><h1>${title}</h1>${paragraphs.map((p) => `<p>${p}</p>`).join('')}</article></body></html>`;
