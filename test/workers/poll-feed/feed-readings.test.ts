import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/shared/model.ts';
import { parseFeed } from '../../../src/workers/poll-feed/index.ts';

const URL_OF_FEED = 'https://news.example/desk/feed.xml';
const atom = (entry: string) => `<feed xmlns="http://www.w3.org/2005/Atom"><entry>${entry}</entry></feed>`;
const rss = (item: string) => `<rss version="2.0"><channel><item>${item}</item></channel></rss>`;

async function first(document: string): Promise<Entry | undefined> {
  return (await parseFeed(new TextEncoder().encode(document), { url: URL_OF_FEED })).entries[0];
}

describe('links', () => {
  test.each([
    ['escaped twice', 'https://a.example/?x=1&amp;amp;y=2', 'https://a.example/?x=1&y=2'],
    ['in quotation marks', '"https://a.example/1"', 'https://a.example/1'],
    ['as HTML', '&lt;a href="https://a.example/1"&gt;الخبر&lt;/a&gt;', 'https://a.example/1'],
    ['without a scheme', 'www.a.example/1', 'http://www.a.example/1'],
    ['of a page that is called so', 'www/1.html', 'https://news.example/desk/www/1.html'],
  ])('%s', async (_case, link, expected) => {
    expect(await first(rss(`<link>${link}</link>`))).toMatchObject({ link: expected });
  });

  test.each(['mailto:desk@news.example', 'https://[broken/'])('xml:base %s – is a base for nothing', async (base) => {
    const document = atom('<link href="1.html"/>').replace('<entry>', `<entry xml:base="${base}">`);
    expect(await first(document)).toMatchObject({ link: 'https://news.example/desk/1.html' });
  });
});

test('a link with a base of its own', async () => {
  expect(await first(rss('<link xml:base="https://b.example/x/">1.html</link>'))).toMatchObject({
    link: 'https://b.example/x/1.html',
  });
});

describe('titles', () => {
  test.each([
    [
      'a drawing in XHTML',
      '<title type="xhtml"><b>أ</b> <svg xmlns="http://www.w3.org/2000/svg"><text>ب</text></svg></title>',
      'أ ب',
    ],
    ['a tag with a tag in a value', '<title type="html">&lt;img alt="&lt;b>" src="1.png"/&gt; عنوان</title>', 'عنوان'],
    [
      'signs that are no tags',
      '<title>3 &lt; 4, a "quoted" word &amp; x > y</title>',
      '3 < 4, a "quoted" word & x > y',
    ],
    ['an apostrophe in a tag without quotes', '<title type="html">&lt;a title=it\'s&gt;x&lt;/a&gt;</title>', 'x'],
  ])('%s', async (_case, title, expected) => {
    expect(await first(atom(title))).toMatchObject({ title: expected });
  });
});

describe('text and content', () => {
  test('plain text of Atom – is given as HTML', async () => {
    const entry = await first(
      atom('<summary>5 &lt; 6 &amp; 7</summary><content type="text">if a &lt;b then</content>'),
    );
    expect(entry).toMatchObject({ summary: '5 &lt; 6 &amp; 7', contentHtml: 'if a &lt;b then' });
  });

  test('HTML that calls itself text – stays HTML', async () => {
    const entry = await first(atom('<summary type="text">&lt;p&gt;خبر&lt;/p&gt;</summary>'));
    expect(entry).toMatchObject({ summary: '<p>خبر</p>' });
  });

  test('a film described in its media group only', async () => {
    const group =
      '<media:group><media:title>م</media:title><media:description>وصف الفيلم</media:description></media:group>';
    const entry = await first(
      atom(`<title>فيلم</title><media:x xmlns:media="http://search.yahoo.com/mrss/"/>${group}`),
    );
    expect(entry).toMatchObject({ title: 'فيلم', summary: 'وصف الفيلم' });
  });

  test('a title that is never closed – ends where the next entry begins', async () => {
    const document = '<rss version="2.0"><channel><title>صحيفة<item><title>خبر</title></item></channel></rss>';
    const feed = await parseFeed(new TextEncoder().encode(document));
    expect(feed).toMatchObject({ title: 'صحيفة', entries: [{ title: 'خبر' }] });
  });

  test('content that is elsewhere – a film is an enclosure, and no text is made up', async () => {
    const entry = await first(atom('<title>فيلم</title><content src="/film.mp4" type="video/mp4"/>'));
    expect(entry).toMatchObject({ enclosures: [{ url: 'https://news.example/film.mp4', type: 'video/mp4' }] });
    expect(entry).not.toHaveProperty('contentHtml');
  });

  test('an enclosure – a length with signs, an image beside the feed', async () => {
    const entry = await first(
      rss(
        '<enclosure url="1.mp3" type="audio/mpeg" length=" 12,345 "/><itunes:image xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" href="1.png"/>',
      ),
    );
    expect(entry?.enclosures).toEqual([
      { url: 'https://news.example/desk/1.mp3', type: 'audio/mpeg', length: 12_345 },
      { url: 'https://news.example/desk/1.png', type: 'image' },
    ]);
  });
});

test('an entry taken over from another feed – has the authors of that feed', async () => {
  const document = atom('<title>خبر</title><source><title>صحيفة</title><author><name>سلمى</name></author></source>');
  const planet = document.replace('<entry>', '<author><name>الجامع</name></author><entry>');
  expect(await first(planet)).toMatchObject({ authors: ['سلمى'] });
});

test('a single Atom entry as a document', async () => {
  const document =
    '<entry xmlns="http://www.w3.org/2005/Atom"><title>خبر</title><id>tag:news.example,2026:1</id></entry>';
  expect(await parseFeed(new TextEncoder().encode(document))).toMatchObject({
    kind: 'atom',
    entries: [{ title: 'خبر', guid: 'tag:news.example,2026:1' }],
  });
});

describe('default namespaces', () => {
  test.each([
    [
      'XHTML on the feed',
      '<rss version="2.0" xmlns="http://www.w3.org/1999/xhtml"><channel><item><title>right</title></item></channel></rss>',
    ],
    [
      'an unknown one on the channel',
      '<rss version="2.0"><channel xmlns="https://own.example/"><item><title>right</title></item></channel></rss>',
    ],
    [
      'an unknown one on RDF',
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/9/"><item><title>right</title></item></rdf:RDF>',
    ],
    ['none', rss('<title xmlns="">right</title>')],
  ])('%s – the names are still the feed’s', async (_case, document) => {
    expect(await first(document)).toMatchObject({ title: 'right' });
  });

  test.each([
    ['of a foreign element', rss('<title xmlns="https://own.example/">wrong</title><title>right</title>')],
    [
      'where the feed’s names have a prefix',
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rss="http://purl.org/rss/1.0/" xmlns="https://own.example/"><rss:item><title>wrong</title><rss:title>right</rss:title></rss:item></rdf:RDF>',
    ],
  ])('%s – other names', async (_case, document) => {
    expect(await first(document)).toMatchObject({ title: 'right' });
  });
});
