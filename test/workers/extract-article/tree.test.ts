import { parseDocument } from 'htmlparser2';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/shared/seeded-random.ts';
import { collectBlocks } from '../../../src/workers/extract-article/blocks.ts';
import { parseTree, TextNode, type TreeNode } from '../../../src/workers/extract-article/tree.ts';

/** Elements whose content the tree leaves out. */
const SKIPPED = new Set(['script', 'style', 'noscript', 'svg', 'button', 'textarea', 'select', 'template']);

/** `div.a[text p[text]]`: elements with their class, and text with blanks collapsed. */
function outline(node: TreeNode): string {
  const parts: string[] = [];
  for (const child of node.children()) {
    if (!(child instanceof TextNode))
      parts.push(`${child.tag}${child.className.text ? `.${child.className.text}` : ''}[${outline(child)}]`);
    else if (child.text.trim() !== '') parts.push(JSON.stringify(child.text.replace(/\s+/g, ' ').trim()));
  }
  return parts.join(' ');
}

interface Parsed {
  type: string;
  name?: string;
  data?: string;
  attribs?: Record<string, string>;
  children?: Parsed[];
}

/** The same of the tree htmlparser2 builds. */
function reference({ children = [] }: Parsed): string {
  const parts: string[] = [];
  let text = '';
  const flush = () => {
    if (text.trim() !== '') parts.push(JSON.stringify(text.replace(/\s+/g, ' ').trim()));
    text = '';
  };
  for (const child of children) {
    if (child.type === 'text') text += child.data;
    if (child.name === undefined || child.type === 'directive' || child.name === 'script' || child.name === 'style')
      continue;
    flush();
    const inner = SKIPPED.has(child.name) ? '' : reference(child);
    parts.push(`${child.name}${child.attribs?.class ? `.${child.attribs.class}` : ''}[${inner}]`);
  }
  flush();
  return parts.join(' ');
}

const agrees = (html: string) =>
  expect(outline(parseTree(html).root)).toBe(reference(parseDocument(html) as unknown as Parsed));

test.each([
  ['signs that are no tags', 'a < b, 1 <2, <3 and <= 4, a<<b, </> and & so'],
  [
    'attributes of every kind',
    `<p class=a id = "b>" CLASS='c' hidden / data-x=1/>text</p><a class = 'x' =y>z</a><b class=>w</b>`,
  ],
  ['entities', '<p class="a&amp;b&quot;">&lt;p&gt; &eacute;t&eacute; &#1593;&#x628; &amp &nosuch; a&b</p>'],
  ['comments', 'a<!-- <p>b</p> --><!-->c<!--->d<!-- - -- ->e--->f<!x>g<![CDATA[<p>h]]>i<?php echo "<p>" ?>j'],
  [
    'scripts',
    `<script>if (a</b/.test(x)) "</scr"+"ipt>"</SCRIPT >a<script/>b</script>c<style>p > a {}</style>d<textarea><p></textarea>e`,
  ],
  [
    'paragraphs and lists without end tags',
    '<p>a<p>b<div>c<p>d</div>e<ul><li>f<li>g<ul><li>h</ul><li>i</ul><dl><dt>j<dd>k<dt>l</dl>',
  ],
  [
    'tables without end tags',
    '<table><thead><tr><th>a<th>b<tbody><tr><td>c<td>d<tr><td>e<table><td>f</table>g</table>h',
  ],
  ['end tags that close nothing, or several', 'a</div>b</p>c</br>d<div><b><i>e</div>f</i>g</ p >h</3>i'],
  [
    'foreign elements',
    '<svg><path d="x"/><g/><title>a</title><foreignObject><div/>b</div></foreignObject></svg>c<div/>d</div>e',
  ],
  ['names and values of any letters', '<p class="خبر é 😀" ID="É"><é></é><A HREF="/É">نص</A></P>ñ'],
  ['void elements', '<br>a<br/>b<hr>c<img src=x class=y>d<input>e<wbr>f<embed>g'],
])('parseTree – reads as htmlparser2 does: %s', (_name, html) => {
  agrees(html);
});

/** Pieces whose every order is a page. */
const PIECES = [
  '<p>',
  '</p>',
  '<div class="x">',
  '</div>',
  '<li>',
  '<ul>',
  '</ul>',
  '<td>',
  '<tr>',
  '<table>',
  '</table>',
  '<br>',
  '</br>',
  '<b>',
  '</b>',
  '<a href=/x class=y>',
  '</a>',
  '<h2>',
  '</h2>',
  '<section>',
  '</section>',
  '<svg>',
  '</svg>',
  '<path/>',
  '<title>',
  '</title>',
  '<button>',
  '</button>',
  '<script>',
  '</script>',
  '<!-- c -->',
  '<!doctype html>',
  '<dd>',
  '<dt>',
  '<option>',
  '<select>',
  '</select>',
  '<noscript>',
  '</noscript>',
  '<div/>',
  '<foo-bar>',
  '</foo-bar>',
  '<head>',
  '<body>',
  'text ',
  'نص ',
  '&amp;',
  '< ',
  '<tbody>',
  '<th>',
  '<form>',
  '</form>',
];

test('parseTree – reads as htmlparser2 does, whatever the order of the tags', () => {
  const random = seededRandom(7);
  const below = (end: number) => Math.floor(random() * end);
  for (let page = 0; page < 2_000; page++) {
    agrees(Array.from({ length: 2 + below(40) }, () => PIECES[below(PIECES.length)]).join(''));
  }
});

test.each([
  ['<div>a<p class="b', 'div["a" p[]]'],
  ['<div>a<p cla', 'div["a" p[]]'],
  ['<div>a<p', 'div["a"]'],
  ['<div>a</di', 'div["a"]'],
  ['<div>a<!-- b', 'div["a"]'],
  ['<div>a<', 'div["a<"]'],
])('parseTree – a page cut short keeps what came before: %s', (html, expected) => {
  expect(outline(parseTree(html).root)).toBe(expected);
});

test.each([
  ['blanks', ' a\n\tb\u00a0 c\u200bd\u2009\u0000 ', 'a b c d'],
  ['characters of one to four bytes', 'a é ب 東 😀', 'a é ب 東 😀'],
  ['entities', 'a&nbsp;&amp;&#1576;&eacute;&lt;b', 'a &بé<b'],
  ['several pieces', 'a<i> b</i><!-- c -->d <b>&copy;</b>e', 'a bd ©e'],
])('collectBlocks – one line of %s', (_name, html, text) => {
  const pages = [html, new TextEncoder().encode(html)];
  for (const page of pages) expect(collectBlocks(parseTree(page).root).map((b) => b.text)).toEqual([text]);
});

test('collectBlocks – counts what a line holds', () => {
  const [block] = collectBlocks(parseTree('<p> <a>Al-Balad</a>, 12 <b>May</b> 𝐀؟&nbsp;</p>').root);
  expect(block).toMatchObject({
    text: 'Al-Balad, 12 May 𝐀؟',
    chars: 17,
    words: 4,
    linkChars: 8,
    boldChars: 3,
    digits: 2,
    commas: 1,
    stops: 1,
    uppers: 4,
    endsSentence: true,
    linkFirst: true,
    linkLast: false,
  });
});

test('collectBlocks – a line longer than the page was expected to have', () => {
  const word = 'كلمة ';
  const [block] = collectBlocks(parseTree(`<p>${word.repeat(20_000)}</p>`).root);
  expect(block?.text).toBe(word.repeat(20_000).trim());
  expect(block?.words).toBe(20_000);
});
