import { describe, expect, test } from 'vitest';
import { parseFeed } from '../../../src/workers/poll-feed/index.ts';

const rss = (inside: string) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>${inside}</channel></rss>`;
const item = (inside: string) => rss(`<item>${inside}</item>`);
const atom = (inside: string) => `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>${inside}</feed>`;

/** What a reader should find in the first entry, or how many entries there are. */
type Expected = Record<string, unknown> | number;

const CASES: [name: string, text: string, expected: Expected][] = [
  // characters and references
  ['bare ampersand', item('<title>A & B</title>'), { title: 'A & B' }],
  ['ampersand before a word', item('<title>AT&T اليوم</title>'), { title: 'AT&T اليوم' }],
  [
    'bare ampersands in a link',
    item('<link>https://a.example/?x=1&y=2&copy=3</link>'),
    { link: 'https://a.example/?x=1&y=2&copy=3' },
  ],
  ['reference without semicolon', item('<title>a &amp b</title>'), { title: 'a & b' }],
  ['HTML references without a DTD', item('<title>caf&eacute;&nbsp;&mdash;&hellip;</title>'), { title: 'café —…' }],
  ['unknown reference', item('<title>&wrong; x</title>'), { title: '&wrong; x' }],
  ['numeric windows-1252 reference', item('<title>it&#146;s &#8217; &#x627;</title>'), { title: 'it’s ’ ا' }],
  ['references to no character', item('<title>a&#0;b&#xD800;c&#99999999;</title>'), { title: 'a\ufffdb\ufffdc\ufffd' }],
  ['double-escaped title', item('<title>Tom &amp;amp; Jerry</title>'), { title: 'Tom & Jerry' }],
  ['escaped tags in a title', item('<title>&lt;b&gt;عاجل&lt;/b&gt;: خبر</title>'), { title: 'عاجل: خبر' }],
  ['less-than that is no tag', item('<title>5 < 6 and I <3 it</title>'), { title: '5 < 6 and I <3 it' }],
  ['control characters', item('<title>a\u0001b\u000bc</title>'), { title: 'abc' }],
  ['CDATA with HTML', item('<title><![CDATA[<i>x</i> &amp; y]]></title>'), { title: 'x & y' }],
  ['CDATA beside text', item('<title>a <![CDATA[b]]> c</title>'), { title: 'a b c' }],
  [
    'CDATA within CDATA',
    item('<description><![CDATA[a <![CDATA[b]]> c]]></description><title>t</title>'),
    { title: 't' },
  ],
  [
    'link in CDATA with ampersands',
    item('<link><![CDATA[ https://a.example/?x=1&y=2 ]]></link>'),
    { link: 'https://a.example/?x=1&y=2' },
  ],
  ['comment inside a value', item('<title>a<!-- x -->b</title>'), { title: 'ab' }],
  // before and after the document
  [
    'a PHP warning first',
    `<br />\n<b>Warning</b>: x() in <b>/a.php</b> on line <b>3</b><br />\n${item('<title>t</title>')}`,
    { title: 't' },
  ],
  ['blank lines first', `\n\n  ${item('<title>t</title>')}`, { title: 't' }],
  ['text first', `loading...${item('<title>t</title>')}`, { title: 't' }],
  ['a byte order mark in the middle', `\n\ufeff${item('<title>t</title>')}`, { title: 't' }],
  ['text after', `${item('<title>t</title>')}\n<!-- cached --> done`, { title: 't' }],
  ['HTML after', `${item('<title>t</title>')}<script>var a = "</rss>";</script>`, { title: 't' }],
  ['two XML declarations', `<?xml version="1.0"?>${item('<title>t</title>')}`, { title: 't' }],
  ['two documents', item('<title>a</title>') + item('<title>b</title>'), { title: 'a' }],
  ['a stylesheet', item('<title>t</title>').replace('<rss', '<?xml-stylesheet href="a.xsl"?><rss'), { title: 't' }],
  ['HTML doctype', `<!DOCTYPE html>${item('<title>t</title>')}`, { title: 't' }],
  [
    'a doctype with a subset',
    `<!DOCTYPE rss [<!-- don't --><!ENTITY x "ا">]>${item('<title>&x;</title>')}`,
    { title: 'ا' },
  ],
  ['wrapped in HTML', `<html><body>${item('<title>t</title>')}</body></html>`, { title: 't' }],
  // tags
  ['unclosed <br>', item('<description>a<br>b</description><title>t</title>'), { title: 't' }],
  ['crossed tags', item('<description><b><i>x</b></i></description><title>t</title>'), { title: 't' }],
  ['HTML not escaped', item('<description><p>نص <b>مهم</b></p></description>'), { summary: '<p>نص <b>مهم</b></p>' }],
  [
    'unquoted attribute',
    item('<enclosure url=https://a.example/a.mp3 type=audio/mpeg length=5 />'),
    { enclosures: [{ url: 'https://a.example/a.mp3', type: 'audio/mpeg', length: 5 }] },
  ],
  ['attribute without value', item('<guid isPermaLink>x</guid>'), { guid: 'x' }],
  [
    'attribute twice',
    item('<guid isPermaLink="false" isPermaLink="true">https://a.example/</guid>'),
    { guid: 'https://a.example/' },
  ],
  ['unclosed title', rss('<item><title>one<link>https://a.example/1</link></item><item><title>two</title></item>'), 2],
  ['unclosed item', rss('<item><title>one</title><item><title>two</title></item>'), 2],
  ['no </channel>', '<rss version="2.0"><channel><item><title>t</title></item></rss>', { title: 't' }],
  [
    'items outside the channel',
    '<rss version="2.0"><channel><title>T</title></channel><item><title>t</title></item></rss>',
    { title: 't' },
  ],
  ['items without a channel', '<rss version="2.0"><item><title>t</title></item></rss>', { title: 't' }],
  [
    'upper case',
    item('<title>t</title>').replace(
      /<(\/?)(\w+)/g,
      (_all, slash: string, name: string) => `<${slash}${name.toUpperCase()}`,
    ),
    { title: 't' },
  ],
  ['blanks in end tags', item('<title>t</title >'), { title: 't' }],
  // versions and namespaces
  ['no version', '<rss><channel><item><title>t</title></item></channel></rss>', { title: 't' }],
  ['version 1.0 on rss', '<rss version="1.0"><channel><item><title>t</title></item></channel></rss>', { title: 't' }],
  ['an undeclared prefix', item('<dc:creator>ليلى</dc:creator>'), { authors: ['ليلى'] }],
  [
    'a wrong namespace',
    '<rss version="2.0" xmlns="http://nowhere.example/"><channel><item><title>t</title></item></channel></rss>',
    { title: 't' },
  ],
  [
    'prefixed Atom',
    '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>t</a:title><a:link href="https://a.example/1"/></a:entry></a:feed>',
    { title: 't', link: 'https://a.example/1' },
  ],
  [
    'Atom elements in RSS',
    item(
      '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="https://a.example/1"/><atom:updated xmlns:atom="http://www.w3.org/2005/Atom">2026-01-02</atom:updated>',
    ),
    { link: 'https://a.example/1', updatedAt: '2026-01-02T00:00:00.000Z' },
  ],
  [
    'RSS elements in Atom',
    atom(
      '<entry><title>t</title><link>https://a.example/1</link><guid>g</guid><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate><description>d</description></entry>',
    ),
    { link: 'https://a.example/1', guid: 'g', summary: 'd', publishedAt: '2026-01-01T00:00:00.000Z' },
  ],
  [
    'the media title does not win',
    item('<media:title xmlns:media="http://search.yahoo.com/mrss/">m</media:title><title>t</title>'),
    { title: 't' },
  ],
  [
    'the title of a media group does not count',
    item(
      '<media:group xmlns:media="http://search.yahoo.com/mrss/"><media:title>m</media:title></media:group><title>t</title>',
    ),
    { title: 't' },
  ],
  // values
  [
    'white space in link and guid',
    item('<link>\n  https://a.example/1\n</link><guid>\n g1 \n</guid>'),
    { link: 'https://a.example/1', guid: 'g1' },
  ],
  ['relative link', item('<link>/a/1</link>'), { link: 'https://news.example/a/1' }],
  [
    'the link behind a feed service',
    item('<link>https://feeds.example/~r/x/1</link><feedburner:origLink>https://a.example/1</feedburner:origLink>'),
    { link: 'https://a.example/1' },
  ],
  [
    'images as elements',
    item(
      '<image>https://a.example/1.jpg</image><image><url>https://a.example/2.jpg</url></image><itunes:image href="/3.jpg"/><image>x</image>',
    ),
    {
      enclosures: [1, 2, 3].map((n) => ({ url: `https://${n === 3 ? 'news' : 'a'}.example/${n}.jpg`, type: 'image' })),
    },
  ],
  ['guid as the only link', item('<guid>https://a.example/1</guid>'), { link: 'https://a.example/1' }],
  [
    'guid that says it is no link',
    item('<guid isPermaLink="false">https://a.example/1</guid>'),
    { guid: 'https://a.example/1', link: undefined },
  ],
  [
    'script in a link',
    item('<link>javascript:alert(1)</link><guid isPermaLink="false">g</guid>'),
    { link: undefined, guid: 'g' },
  ],
  ['a bad date', item('<title>t</title><pubDate>yesterday or so</pubDate>'), { title: 't', publishedAt: undefined }],
  [
    'a bad date before a good one',
    item('<pubDate>-</pubDate><dc:date>2026-01-02T03:04Z</dc:date>'),
    { publishedAt: '2026-01-02T03:04:00.000Z' },
  ],
  [
    'a bad Atom date',
    atom('<entry><title>t</title><published>0000-00-00</published><updated/></entry>'),
    { title: 't' },
  ],
  ['an Atom link without href', atom('<entry><title>t</title><link/></entry>'), { title: 't' }],
  [
    'only an enclosure link',
    atom('<entry><title>t</title><link rel="enclosure" href="https://a.example/a.mp3"/></entry>'),
    { link: undefined },
  ],
  [
    'XHTML title',
    atom('<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b></div></title></entry>'),
    { title: 'a b' },
  ],
  ['author with mail', item('<author>news@a.example (ليلى منصور)</author>'), { authors: ['ليلى منصور'] }],
  [
    'author as a name and mail',
    item('<author>Layla Mansour &lt;l@a.example&gt;</author>'),
    { authors: ['Layla Mansour'] },
  ],
  [
    'empty elements',
    item('<title/><link></link><description> </description><guid>g</guid>'),
    { guid: 'g', title: undefined, link: undefined, summary: undefined },
  ],
  ['an empty item', rss('<item/>'), 1],
  ['no items', rss(''), 0],
];

describe('parseFeed – malformed documents', () => {
  test.each(CASES)('%s', async (_name, text, expected) => {
    const feed = await parseFeed(new TextEncoder().encode(text), { url: 'https://news.example/feed.xml' });
    if (typeof expected === 'number') {
      expect(feed.entries).toHaveLength(expected);
      return;
    }
    for (const [field, value] of Object.entries(expected))
      expect([field, feed.entries[0]?.[field as 'title']]).toEqual([field, value]);
  });

  test('what was repaired is said', async () => {
    const feed = await parseFeed(new TextEncoder().encode(`junk ${item('<title>a & b < c\u0001</title>')}`));
    expect(feed.warnings).toEqual([
      'text before the document was ignored',
      'control characters were removed',
      '1 ampersands were not escaped',
      '1 signs < were not escaped',
    ]);
  });

  test('one document leaves no trace in the next', async () => {
    const broken = new TextEncoder().encode(
      '<rss version="2.0"><channel><item></title></x><title>&lt;</y></item></channel></rss>',
    );
    const sound = new TextEncoder().encode(item('<title>t</title>'));
    const before = await parseFeed(sound);
    await Promise.all([parseFeed(broken), parseFeed(broken)]);
    expect(await parseFeed(sound)).toEqual(before);
  });
});
