import { expect, test } from 'vitest';
import { ExtractError } from '../../../src/shared/errors.ts';
import { MAX_BLOCKS } from '../../../src/workers/extract-article/blocks.ts';
import { extractArticle } from '../../../src/workers/extract-article/index.ts';
import { MAX_DEPTH, MAX_ELEMENTS, parseTree, TextNode, TreeNode } from '../../../src/workers/extract-article/tree.ts';

const SENTENCE = 'The harbour authority said on Monday that the new pier, built over four years, will open in spring.';
const PARAGRAPHS = `<p>${SENTENCE}</p><p>${SENTENCE} It will serve three ferries, two of them electric.</p>`;
const extract = (html: string | Uint8Array) => extractArticle(html, { url: 'https://hostile.example/a', html: true });

/** Each of these takes quadratic time, or memory without bound, in a parser that does not guard against it. */
test.each<[string, () => string]>([
  ['ten megabytes of open divs', () => '<div>'.repeat(2_000_000)],
  ['a million divs with text', () => '<div>x'.repeat(1_000_000)],
  ['closed divs', () => '<div>x</div>'.repeat(300_000)],
  ['nothing is ever closed', () => '<p><b><i><a href="/x">text '.repeat(50_000)],
  ['lists within lists', () => '<ul><li>'.repeat(100_000)],
  ['tables within cells', () => '<table><tr><td>'.repeat(100_000)],
  ['a script without end', () => `<script>${'var a = "<p>";'.repeat(300_000)}`],
  ['a hundred thousand comment openings', () => '<!--'.repeat(500_000)],
  ['a million ampersands', () => `<p>${'&'.repeat(1_000_000)}</p>`],
  ['a million less-than signs', () => '<'.repeat(1_000_000)],
  ['one word of five megabytes', () => `<p>${'a'.repeat(5_000_000)}</p>`],
  ['five megabytes of spaces', () => `<p>${' '.repeat(5_000_000)}x</p>`],
  ['two hundred thousand line breaks', () => 'line<br>'.repeat(200_000)],
  ['a hundred thousand headlines', () => '<h1>A title of words</h1>'.repeat(100_000)],
  ['a hundred thousand author metas', () => '<meta name="author" content="x, y and z">'.repeat(100_000)],
  ['an author of a million at signs', () => `<meta name="author" content="${'a@'.repeat(1_000_000)}">`],
  ['a hundred thousand author links', () => '<a rel="author">x</a>'.repeat(100_000)],
  ['a headline of kickers', () => `<h1>${'<b class="kicker">a: </b>'.repeat(50_000)}</h1>`],
  ['a title of separators', () => `<title>${' - '.repeat(200_000)}</title>`],
])('extractArticle – ends soon and without an exception: %s', (_name, make) => {
  expect(extract(make())).toMatchObject({ isArticle: false });
});

test.each<[string, string]>([
  ['depth of 50,000', '<div>'.repeat(50_000) + PARAGRAPHS + '</div>'.repeat(50_000)],
  [
    'a hundred thousand attributes',
    `<div ${Array.from({ length: 100_000 }, (_, i) => `a${i}="v"`).join(' ')}>${PARAGRAPHS}</div>`,
  ],
  ['a class of a megabyte', `<div class="${'story-text '.repeat(100_000)}">${PARAGRAPHS}</div>`],
  ['NUL characters', `\0<div>\0${PARAGRAPHS.replaceAll('<p>', '<p>\0')}\0</div>`],
  [
    'JSON-LD nested beyond any stack',
    `<script type="application/ld+json">${'['.repeat(100_000)}</script>${PARAGRAPHS}`,
  ],
])('extractArticle – still finds the text: %s', (_name, html) => {
  const { text } = extract(html);
  expect(text).toContain(SENTENCE);
  expect(text).not.toContain('\0');
});

test('extractArticle – bytes that no single encoding explains', () => {
  const bytes = Buffer.concat([
    Buffer.from(`<meta charset="windows-1256">${PARAGRAPHS}`),
    Buffer.from([0xc7, 0xe1, 0xff, 0xfe, 0x80, 0x00]),
    Buffer.from(`<p>نص عربي قصير في آخر الصفحة، لا غير.</p>`),
  ]);
  expect(extract(bytes).text).toContain(SENTENCE);
});

test.each<[string, string | undefined, string | Uint8Array]>([
  ['a PDF by its header', undefined, Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj')],
  ['an image by its type', 'image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47])],
  ['JSON by its type', 'application/json; charset=utf-8', '{"a":1}'],
])('extractArticle – refuses with a code: %s', (_name, contentType, body) => {
  const attempt = () => extractArticle(body, { url: 'https://hostile.example/a', contentType });
  expect(attempt).toThrow(ExtractError);
  expect(attempt).toThrow(expect.objectContaining({ code: 'NOT_HTML' }));
});

test('extractArticle – an empty page, a page of nothing but white space, an address that is none', () => {
  for (const html of ['', ' \n\t ', '<html></html>']) {
    expect(extractArticle(html, { url: 'not a url' })).toMatchObject({ text: '', isArticle: false, paragraphs: [] });
  }
});

test('parseTree – keeps depth and number of elements within bounds and says so', () => {
  const deep = parseTree('<div>'.repeat(5_000));
  let depth = 0;
  for (let node = deep.root; ; depth++) {
    const child = node.first;
    if (!(child instanceof TreeNode)) break;
    node = child;
  }
  expect(depth).toBeLessThanOrEqual(MAX_DEPTH + 1);
  const wide = parseTree('<i></i>'.repeat(MAX_ELEMENTS + 10));
  expect(wide.elements).toBe(MAX_ELEMENTS);
  expect(wide.truncated).toBe(true);
});

test('parseTree – text beyond the depth limit is kept, and end tags there do not close what is above', () => {
  const { root } = parseTree(`${'<div>'.repeat(MAX_DEPTH + 50)}inner${'</div>'.repeat(MAX_DEPTH + 50)}<p>after</p>`);
  const texts: string[] = [];
  const visit = (node: typeof root) => {
    for (const child of node.children()) child instanceof TextNode ? texts.push(child.text) : visit(child);
  };
  visit(root);
  expect(texts.join(' ')).toContain('inner');
  expect(texts.join(' ')).toContain('after');
});

test('collectBlocks – a page of more blocks than any real one is cut, with a warning', () => {
  const page = (blocks: number) =>
    extract(`<div>${`<p>${SENTENCE}</p>`.repeat(3)}</div>${'<div>x</div>'.repeat(blocks)}`);
  const { text, warnings } = page(MAX_BLOCKS - 2);
  expect(text).toContain(SENTENCE);
  expect(warnings).toEqual([expect.stringContaining('blocks of text')]);
  expect(page(MAX_BLOCKS - 3).warnings).toEqual([]);
});
