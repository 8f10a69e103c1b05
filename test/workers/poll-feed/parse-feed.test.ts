import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FeedError } from '../../../src/shared/errors.ts';
import { parseFeed } from '../../../src/workers/poll-feed/index.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, opts: Parameters<typeof parseFeed>[1] = { url: 'https://news.example/feed.xml' }) =>
  parseFeed(utf8(text), opts);

const RSS = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel>
  <title>صحيفة المثال</title><link>https://news.example/</link><description>أخبار وتقارير</description>
  <language>ar</language><ttl>15</ttl><lastBuildDate>Sun, 22 Nov 2026 10:00:00 +0300</lastBuildDate>
  <sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
  <atom:link rel="self" href="https://news.example/feed.xml"/><atom:link rel="hub" href="https://hub.example/"/>
  <skipHours><hour>1</hour><hour>24</hour></skipHours><skipDays><day>Friday</day></skipDays>
  <item>
    <title><![CDATA[الحكومة تُقرّ الموازنة &amp; البرلمان يناقشها]]></title>
    <link>https://news.example/a/1?x=1&amp;y=2</link>
    <guid isPermaLink="false">news-1</guid>
    <pubDate>الأحد، 22 نوفمبر 2026 09:30:00 +0300</pubDate>
    <dc:creator>ليلى منصور</dc:creator><dc:creator>سامي حداد</dc:creator>
    <category>اقتصاد</category><category domain="x">موازنة</category>
    <description>&lt;p&gt;ملخّص الخبر&lt;/p&gt;</description>
    <content:encoded><![CDATA[<p>النص الكامل للخبر.</p>]]></content:encoded>
    <enclosure url="/audio/1.mp3" type="audio/mpeg" length="1234"/>
    <media:group><media:content url="https://news.example/1.jpg" type="image/jpeg"/></media:group>
  </item>
</channel></rss>`;

describe('parseFeed – formats', () => {
  test('RSS 2.0 with the usual extensions', async () => {
    expect(await parse(RSS)).toEqual({
      kind: 'rss',
      title: 'صحيفة المثال',
      link: 'https://news.example/',
      description: 'أخبار وتقارير',
      language: 'ar',
      ttlMinutes: 30,
      updatedAt: '2026-11-22T07:00:00.000Z',
      hubs: ['https://hub.example/'],
      selfUrl: 'https://news.example/feed.xml',
      skipHours: [1, 0],
      skipDays: [5],
      entries: [
        {
          guid: 'news-1',
          link: 'https://news.example/a/1?x=1&y=2',
          title: 'الحكومة تُقرّ الموازنة & البرلمان يناقشها',
          summary: '<p>ملخّص الخبر</p>',
          contentHtml: '<p>النص الكامل للخبر.</p>',
          publishedAt: '2026-11-22T06:30:00.000Z',
          authors: ['ليلى منصور', 'سامي حداد'],
          categories: ['اقتصاد', 'موازنة'],
          enclosures: [
            { url: 'https://news.example/audio/1.mp3', type: 'audio/mpeg', length: 1234 },
            { url: 'https://news.example/1.jpg', type: 'image/jpeg' },
          ],
        },
      ],
      warnings: [],
    });
  });

  test('Atom 1.0: alternates, inherited author, xhtml content, xml:base', async () => {
    const feed =
      await parse(`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://journal.example/fr/">
      <title type="html">Le &lt;b&gt;Journal&lt;/b&gt;</title><subtitle>Actualité</subtitle><updated>2026-11-22T08:00:00Z</updated>
      <link rel="self" href="feed.atom"/><link href="/"/><author><name>Rédaction</name><email>r@journal.example</email></author>
      <entry><title type="text">A &lt; B</title><id>tag:journal.example,2026:1</id>
        <link rel="enclosure" href="son.mp3" length="9" type="audio/mpeg"/><link rel="alternate" type="application/pdf" href="1.pdf"/><link href="1.html"/>
        <published>2026-11-22T07:00:00+01:00</published><updated>2026-11-22T07:30:00+01:00</updated>
        <category term="eco" label="Économie"/>
        <content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>1 &lt; 2</x:p></x:div></content></entry>
    </feed>`);
    expect(feed).toMatchObject({
      kind: 'atom',
      title: 'Le Journal',
      description: 'Actualité',
      language: 'fr',
      link: 'https://journal.example/',
    });
    expect(feed.entries).toEqual([
      {
        guid: 'tag:journal.example,2026:1',
        link: 'https://journal.example/fr/1.html',
        title: 'A < B',
        contentHtml: '<div><p>1 &lt; 2</p></div>',
        publishedAt: '2026-11-22T06:00:00.000Z',
        updatedAt: '2026-11-22T06:30:00.000Z',
        authors: ['Rédaction'],
        categories: ['Économie'],
        enclosures: [{ url: 'https://journal.example/fr/son.mp3', type: 'audio/mpeg', length: 9 }],
      },
    ]);
  });

  test('Atom 0.3 with base64 content', async () => {
    const body = Buffer.from('<p>مرحبا</p>').toString('base64');
    const feed = await parse(`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>t</title><tagline>s</tagline>
      <entry><title>e</title><issued>2004-05-01T10:00Z</issued><modified>2004-05-02T10:00Z</modified><content type="text/html" mode="base64">${body}</content></entry></feed>`);
    expect(feed.description).toBe('s');
    expect(feed.entries[0]).toMatchObject({
      contentHtml: '<p>مرحبا</p>',
      publishedAt: '2004-05-01T10:00:00.000Z',
      updatedAt: '2004-05-02T10:00:00.000Z',
    });
  });

  test('RSS 1.0 with foreign prefixes and items beside the channel', async () => {
    const feed =
      await parse(`<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/">
      <channel r:about="https://x.example/"><title>X</title><link>https://x.example/</link><description>D</description></channel>
      <item r:about="https://x.example/1"><title>One</title><d:date>2026-11-22</d:date><d:creator>A. B.</d:creator><d:subject>s</d:subject></item></r:RDF>`);
    expect(feed).toMatchObject({ kind: 'rdf', title: 'X', description: 'D' });
    expect(feed.entries).toEqual([
      {
        guid: 'https://x.example/1',
        link: 'https://x.example/1',
        title: 'One',
        publishedAt: '2026-11-22T00:00:00.000Z',
        authors: ['A. B.'],
        categories: ['s'],
        enclosures: [],
      },
    ]);
  });

  test('JSON Feed', async () => {
    const feed = await parse(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'موقع',
        home_page_url: 'https://j.example/',
        hubs: [{ type: 'WebSub', url: 'https://hub.example/' }],
        authors: [{ name: 'هيئة التحرير' }],
        items: [
          {
            id: 7,
            url: 'https://j.example/7',
            content_text: 'a < b\n\nc',
            date_published: '2026-11-22T10:00:00+02:00',
            tags: ['x'],
          },
        ],
      }),
    );
    expect(feed).toEqual({
      kind: 'json',
      title: 'موقع',
      link: 'https://j.example/',
      hubs: ['https://hub.example/'],
      entries: [
        {
          guid: '7',
          link: 'https://j.example/7',
          contentHtml: '<p>a &lt; b</p>\n<p>c</p>',
          publishedAt: '2026-11-22T08:00:00.000Z',
          authors: ['هيئة التحرير'],
          categories: ['x'],
          enclosures: [],
        },
      ],
      warnings: [],
    });
  });

  test('JSON Feed – relative links, and a script that calls itself one', async () => {
    const feed = await parse(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        home_page_url: '/',
        items: [
          { id: 'a', url: '/a', image: 'a.jpg', attachments: [{ url: 'a.mp3', mime_type: 'audio/mpeg' }] },
          { id: 'b', url: 'java\tscript:alert(1)' },
        ],
      }),
    );
    expect(feed.link).toBe('https://news.example/');
    expect(feed.entries[0]).toMatchObject({
      link: 'https://news.example/a',
      enclosures: [
        { url: 'https://news.example/a.mp3', type: 'audio/mpeg' },
        { url: 'https://news.example/a.jpg', type: 'image' },
      ],
    });
    expect(feed.entries[1]).not.toHaveProperty('link');
  });

  test('Google News sitemap, gzip-compressed', async () => {
    const xml = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">
      <url><loc>https://s.example/1</loc><lastmod>2026-11-22T10:00:00Z</lastmod><n:news><n:publication><n:name>الديوان</n:name><n:language>ar</n:language></n:publication>
      <n:publication_date>2026-11-22T09:00:00Z</n:publication_date><n:title>عنوان</n:title><n:keywords>أ، ب</n:keywords></n:news><i:image><i:loc>https://s.example/1.jpg</i:loc></i:image></url></urlset>`;
    expect(await parseFeed(gzipSync(xml))).toEqual({
      kind: 'sitemap',
      title: 'الديوان',
      language: 'ar',
      entries: [
        {
          guid: 'https://s.example/1',
          link: 'https://s.example/1',
          title: 'عنوان',
          publishedAt: '2026-11-22T09:00:00.000Z',
          updatedAt: '2026-11-22T10:00:00.000Z',
          authors: [],
          categories: ['أ', 'ب'],
          enclosures: [{ url: 'https://s.example/1.jpg', type: 'image' }],
        },
      ],
      warnings: [],
    });
  });

  test('sitemap index: no entries, but further sitemaps', async () => {
    const feed = await parse(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>https://s.example/news.xml.gz</loc><lastmod>2026-11-22</lastmod></sitemap><sitemap><loc>/old.xml</loc></sitemap></sitemapindex>`);
    expect(feed).toMatchObject({ kind: 'sitemap', entries: [] });
    expect(feed.sitemaps).toEqual([
      { url: 'https://s.example/news.xml.gz', updatedAt: '2026-11-22T00:00:00.000Z' },
      { url: 'https://news.example/old.xml', updatedAt: undefined },
    ]);
  });
});

describe('parseFeed – refusals', () => {
  test.each([
    ['EMPTY_DOCUMENT', ''],
    ['EMPTY_DOCUMENT', ' \r\n\ufeff'],
    ['NOT_A_FEED', '<!DOCTYPE html><html><head><title>x</title></head><body><p>hello</p></body></html>'],
    ['NOT_A_FEED', 'just a sentence'],
    ['NOT_A_FEED', '{"error":"gone"}'],
    ['NOT_A_FEED', '[1,2,3]'],
    ['NOT_A_FEED', '<opml version="2.0"><body/></opml>'],
    ['BAD_JSON', '{"version":"https://jsonfeed.org/version/1", "items":['],
    ['TOO_DEEP', `<rss><channel><item>${'<a>'.repeat(1_200)}`],
    ['TOO_DEEP', `<rss><channel>${'<a>'.repeat(70)}${'<b/>'.repeat(400_010)}`],
    ['TOO_COMPLEX', `{"version":"https://jsonfeed.org/version/1","items":[${'{},'.repeat(600_000)}{}]}`],
    ['TOO_COMPLEX', `<rss ${Array.from({ length: 6_000 }, (_x, i) => `a${i}="1"`).join(' ')}><channel/></rss>`],
  ])('%s – %#', async (code, text) => {
    const error = await parse(text).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FeedError);
    expect(error).toMatchObject({ code });
  });

  test('TOO_LARGE – as it stands and after decompression', async () => {
    const large = new Uint8Array(15 * 1024 * 1024 + 1).fill(0x20);
    await expect(parseFeed(large)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(parseFeed(gzipSync(large))).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  test('BAD_GZIP', async () => {
    await expect(parseFeed(gzipSync(RSS).subarray(0, 40))).rejects.toMatchObject({ code: 'BAD_GZIP' });
  });
});

describe('parseFeed – bounds', () => {
  test('a JSON Feed of long texts – commas, brackets and quotation marks in them are no values', async () => {
    const content = 'قال: "نعم", [ثم] {سكت} \\'.repeat(200_000);
    const items = [{ id: '1', content_html: content }];
    const feed = await parse(JSON.stringify({ version: 'https://jsonfeed.org/version/1', items }));
    expect(feed.entries[0]?.contentHtml).toHaveLength(content.length);
  });

  test('entries beyond the cap are not read', async () => {
    const items = Array.from({ length: 20 }, (_x, i) => `<item><guid>${i}</guid></item>`).join('');
    const feed = await parse(`<rss version="2.0"><channel><title>t</title>${items}</channel></rss>`, { maxEntries: 5 });
    expect(feed.entries.map((e) => e.guid)).toEqual(['0', '1', '2', '3', '4']);
    expect(feed.warnings).toEqual(['only the first 5 entries were read']);
    expect(feed.truncated).toBeUndefined();
  });

  test('a truncated document loses its unfinished entry', async () => {
    const feed = await parse(RSS.replace('</channel></rss>', '<item><guid>2</guid><title>half a ti'));
    expect(feed.truncated).toBe(true);
    expect(feed.entries.map((e) => e.guid)).toEqual(['news-1']);
    expect(feed.title).toBe('صحيفة المثال');
  });

  test.each([2, 3, 4, 5, 6, 7, 8, 9])('cut after %i tenths: never a half entry', async (tenths) => {
    const feed = await parse(RSS.slice(0, Math.floor((RSS.length * tenths) / 10)));
    expect(feed.truncated).toBe(true);
    expect(feed.entries.every((e) => e.enclosures.length === 2)).toBe(true);
  });

  test('internal entities are expanded once, within a budget; external ones never', async () => {
    const feed =
      await parse(`<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://evil.example/">]>
      <rss version="2.0"><channel><title>&a; &b; &x;</title></channel></rss>`);
    expect(feed.title).toBe('ha &a;&a;&a; &x;');
    const many = await parse(
      `<!DOCTYPE rss [<!ENTITY a "${'x'.repeat(250)}">]><rss><channel><title>t</title><description>${'&a;'.repeat(5_000)}</description></channel></rss>`,
    );
    expect(many.description?.length).toBeLessThan(100_000);
  });
});

describe('parseFeed – where it happened', () => {
  const at = async (inside: string) => {
    const names =
      'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml" xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"';
    const feed = await parse(
      `<rss version="2.0" ${names}><channel><item><title>زلزال</title>${inside}</item></channel></rss>`,
    );
    return feed.entries[0]?.point;
  };
  test.each([
    ['GeoRSS', '<georss:point> 36.19 44.01 </georss:point>'],
    ['GeoRSS with a comma', '<georss:point>36.19, 44.01</georss:point>'],
    ['GML', '<georss:where><gml:Point><gml:pos>36.19 44.01</gml:pos></gml:Point></georss:where>'],
    ['W3C geo', '<geo:lat>36.19</geo:lat><geo:long>44.01</geo:long>'],
    ['W3C geo, in a point', '<geo:Point><geo:lat>36.19</geo:lat><geo:long>44.01</geo:long></geo:Point>'],
  ])('%s', async (_case, inside) => {
    expect(await at(inside)).toEqual({ lat: 36.19, lon: 44.01 });
  });

  test.each(['<georss:point>north</georss:point>', '<georss:point>136 44</georss:point>', '<geo:lat>36</geo:lat>'])(
    '%s – nowhere',
    async (inside) => {
      expect(await at(inside)).toBeUndefined();
    },
  );
});

describe('parseFeed – threads', () => {
  const entry = async (inside: string) => {
    const names = 'xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"';
    const feed = await parse(`<feed ${names}><entry><id>urn:a</id><title>رد</title>${inside}</entry></feed>`);
    return feed.entries[0];
  };
  test.each([
    ['the total', '<thr:total>12</thr:total><link rel="replies" href="/c" thr:count="5"/>', 12],
    [
      'counted by links',
      '<link rel="replies" href="/c" thr:count="5"/><link rel="replies" href="/d" thr:count="2"/>',
      7,
    ],
    ['RSS', '<s:comments xmlns:s="http://purl.org/rss/1.0/modules/slash/">3</s:comments>', 3],
    ['no number', '<thr:total>many</thr:total>', undefined],
    ['none', '', undefined],
  ])('comments – %s', async (_case, inside, comments) => {
    expect((await entry(inside))?.comments).toBe(comments);
  });

  test.each([
    ['its page', '<thr:in-reply-to ref="urn:b" href="https://news.example/b"/>', 'https://news.example/b'],
    ['its id', '<thr:in-reply-to ref="urn:b"/>', 'urn:b'],
  ])('what it answers – %s', async (_case, inside, inReplyTo) => {
    expect((await entry(inside))?.inReplyTo).toBe(inReplyTo);
  });
});
