import { describe, expect, test } from 'vitest';
import { discoverFeedLinks, sitemapsOfRobots, usualFeedUrls } from '../../../src/workers/poll-feed/discover-feeds.ts';

const page = 'https://www.site.example/ar/home';
const urls = (html: string) => discoverFeedLinks(html, page).map((c) => c.url);

describe('discoverFeedLinks', () => {
  test('declared feeds first, then linked ones, comments last', () => {
    const html = `<html><head>
      <link rel="alternate" type="application/rss+xml" title="تعليقات" href="/comments/feed/">
      <link rel="alternate" type="application/rss+xml" title="الأخبار &amp; التقارير" href="/feed/">
      <link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" href="/feed.css"></head>
      <body><a href="/sections/sport/rss.xml"><b>رياضة</b></a><a href="https://other.example/rss.xml">other</a><a href="/about">RSS</a></body></html>`;
    expect(discoverFeedLinks(html, page)).toEqual([
      { url: 'https://www.site.example/feed/', title: 'الأخبار & التقارير', source: 'link' },
      { url: 'https://www.site.example/sections/sport/rss.xml', title: 'رياضة', source: 'anchor' },
      { url: 'https://www.site.example/comments/feed/', title: 'تعليقات', source: 'link' },
    ]);
  });

  test.each([
    [
      'several rels, charset in the type',
      '<link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="a.xml">',
      ['https://www.site.example/ar/a.xml'],
    ],
    [
      'JSON Feed',
      '<link rel=alternate type=application/feed+json href=/feed.json>',
      ['https://www.site.example/feed.json'],
    ],
    [
      'plain XML type with a telling address',
      '<link rel="alternate" type="text/xml" href="/rss">',
      ['https://www.site.example/rss'],
    ],
    ['plain XML type without', '<link rel="alternate" type="text/xml" href="/data">', []],
    ['oEmbed', '<link rel="alternate" type="application/json" href="/wp-json/oembed/1.0/embed?url=feed">', []],
    ['rel feed', '<link rel="feed" href="/f">', ['https://www.site.example/f']],
    [
      'base',
      '<base href="https://cdn.example/x/"><link rel="alternate" type="application/rss+xml" href="f">',
      ['https://cdn.example/x/f'],
    ],
    [
      'twice',
      '<link rel="alternate" type="application/rss+xml" href="/f"><link rel="alternate" type="application/rss+xml" href="/f#x">',
      ['https://www.site.example/f'],
    ],
    [
      'feed: scheme',
      '<link rel="alternate" type="application/rss+xml" href="feed://www.site.example/f">',
      ['http://www.site.example/f'],
    ],
    ['script', '<a href="javascript:rss()">RSS</a>', []],
    ['a word in a path is no hint', '<a href="/newsfeedback">x</a>', []],
    [
      'an image for a text',
      '<a href="/rss/ar.xml"><img alt="خلاصات RSS"></a>',
      ['https://www.site.example/rss/ar.xml'],
    ],
    [
      'broken page',
      '<link rel="alternate" type="application/rss+xml" href="/f" <body><a href=',
      ['https://www.site.example/f'],
    ],
  ])('%s', (_case, html, expected) => {
    expect(urls(html).filter((u) => !/oembed/.test(u) || expected.length > 0)).toEqual(expected);
  });
});

test('usualFeedUrls – below the section first', () => {
  const candidates = usualFeedUrls('https://site.example/ar/index.html').map((c) => c.url);
  expect(candidates.slice(0, 5)).toEqual([
    'https://site.example/ar/feed',
    'https://site.example/ar/rss',
    'https://site.example/ar/rss.xml',
    'https://site.example/ar/feed.xml',
    'https://site.example/feed',
  ]);
  expect(usualFeedUrls('mailto:x@site.example')).toEqual([]);
});

test('sitemapsOfRobots – news first, relative and odd ones understood', () => {
  const robots = `User-agent: *\nDisallow: /x\nSitemap: https://s.example/sitemap.xml\nSITEMAP : /news-sitemap.xml # daily\r\nSitemap:https://s.example/sitemap.xml\n# Sitemap: https://s.example/no.xml\nsitemap: ftp://s.example/a`;
  expect(sitemapsOfRobots(robots, 'https://s.example/robots.txt').map((c) => c.url)).toEqual([
    'https://s.example/news-sitemap.xml',
    'https://s.example/sitemap.xml',
  ]);
});
