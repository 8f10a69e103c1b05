import { describe, expect, test } from 'vitest';
import { OpmlError, parseOpml, readOpml, writeOpml } from '../../../src/workers/poll-feed/index.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const opml = (body: string) =>
  utf8(
    `<?xml version="1.0"?>\n<opml version="2.0">\n<head><title>x</title></head>\n<body>\n${body}\n</body>\n</opml>\n`,
  );

describe('parseOpml', () => {
  test('nested folders, both titles, any case of attributes', () => {
    const body = `<outline text="صحف"><outline text="لبنان" title="لبنان">
        <outline type="rss" text="النهار" title="جريدة المثال" xmlUrl="https://a.example/rss?a=1&amp;b=2" htmlUrl="https://a.example/"/></outline>
        <OUTLINE TYPE="rss" TEXT="Le Journal" XMLURL="http://b.example/feed"></OUTLINE></outline>
      <outline text="https://c.example/atom.xml" xmlUrl="https://c.example/atom.xml"/>`;
    expect(parseOpml(opml(body))).toEqual([
      {
        url: 'https://a.example/rss?a=1&b=2',
        title: 'جريدة المثال',
        siteUrl: 'https://a.example/',
        folders: ['صحف', 'لبنان'],
      },
      { url: 'http://b.example/feed', title: 'Le Journal', folders: ['صحف'] },
      { url: 'https://c.example/atom.xml', folders: [] },
    ]);
  });

  test.each([
    ['url with type rss', '<outline type="rss" text="t" url="https://a.example/f"/>'],
    [
      'bare ampersands',
      '<outline text="t" xmlUrl="https://a.example/f?x=1&copy=2"/>',
      'https://a.example/f?x=1&copy=2',
    ],
    ['feed: scheme', '<outline text="t" xmlUrl="feed://a.example/f"/>', 'http://a.example/f'],
    ['feed:https', '<outline text="t" xmlUrl="feed:https://a.example/f"/>'],
    ['single quotes and blanks', "<outline text='t' xmlUrl=' https://a.example/f '/>"],
    ['unclosed outlines', '<outline text="t" xmlUrl="https://a.example/f">'],
    [
      'the same feed twice',
      '<outline text="t" xmlUrl="https://a.example/f"/><outline text="u" xmlUrl="https://a.example/f"/>',
    ],
    ['HTML references', '<outline text="&eacute;t&eacute;" xmlUrl="https://a.example/f"/>'],
  ])('%s', (_case, body, url = 'https://a.example/f') => {
    expect(parseOpml(opml(body)).map((f) => f.url)).toEqual([url]);
  });

  test('OPML 2 category paths are folders', () => {
    expect(
      parseOpml(opml('<outline text="t" category="/Media/Arabic,/x" xmlUrl="https://a.example/f"/>'))[0]?.folders,
    ).toEqual(['Media', 'Arabic']);
  });

  test('windows-1256 lists', () => {
    const bytes = Uint8Array.from([
      ...utf8('<?xml version="1.0" encoding="windows-1256"?><opml><body><outline text="'),
      0xc3,
      0xce,
      0xc8,
      0xc7,
      0xd1,
      ...utf8('" xmlUrl="https://a.example/f"/></body></opml>'),
    ]);
    expect(parseOpml(bytes)[0]?.title).toBe('أخبار');
  });

  test('what is left out is named with its line', () => {
    const { feeds, problems } = readOpml(
      opml(
        '<outline xmlUrl="ftp://a.example/f"/>\n<outline xmlUrl="nonsense"/>\n<outline xmlUrl="https://a.example/f"/>',
      ),
    );
    expect(feeds).toHaveLength(1);
    expect(problems).toEqual([
      { line: 5, message: '"ftp://a.example/f" is not an http(s) URL' },
      { line: 6, message: '"nonsense" is not an http(s) URL' },
    ]);
  });

  test.each([
    ['empty', '', 1, 'the document is empty'],
    ['text', 'https://a.example/feed', 1, 'expected <opml>, found text'],
    ['a feed', '<?xml version="1.0"?>\n\n<rss version="2.0"/>', 3, 'expected <opml>, found <rss>'],
    [
      'cut off',
      '<opml>\n<body>\n<outline xmlUrl="https://a.example/f"/>\n<outline text="x',
      4,
      'the document ends before <body> of line 2 is closed',
    ],
    ['too deep', `<opml><body>\n${'<outline text="x">'.repeat(200)}</body></opml>`, 2, 'nested more than 100 deep'],
  ])('%s – says what and where', (_case, text, line, message) => {
    let error: unknown;
    try {
      parseOpml(utf8(text));
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(OpmlError);
    expect(error).toMatchObject({ code: 'OPML_INVALID', line });
    expect((error as Error).message).toContain(message);
  });
});

test('writeOpml – what it writes, parseOpml reads', () => {
  const feeds = [
    { url: 'https://a.example/?x=1&y="2"', title: 'A < B & "C"\n\u0007', folders: ['صحف', 'لبنان'] },
    { url: 'https://b.example/f', title: "l'été", siteUrl: 'https://b.example/', folders: ['صحف'] },
    { url: 'https://c.example/f', folders: [] },
  ];
  const text = writeOpml(feeds, 'قائمة');
  expect(text).toContain('<title>قائمة</title>');
  expect(parseOpml(utf8(text))).toEqual([
    { url: 'https://a.example/?x=1&y=%222%22', title: 'A < B & "C"', folders: ['صحف', 'لبنان'] },
    feeds[1],
    feeds[2],
  ]);
});
