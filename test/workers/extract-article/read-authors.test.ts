import { expect, test } from 'vitest';
import { cleanAuthors, isPerson, looksLikeName } from '../../../src/workers/extract-article/credits.ts';
import { extractArticle } from '../../../src/workers/extract-article/index.ts';

const LINES = {
  ar: 'أعلنت البلدية صباح الأحد افتتاح المكتبة العامة بعد أعمال ترميم استمرت سنتين، بحضور عدد من الكتاب وأهالي الحي.',
  en: 'The town opened its library in the old ferry terminal on Sunday, after two years of work and a long argument.',
};
const body = (line: string, after = '') => `<div class="body"><p>${line}</p><p>${line} ${line}</p>${after}</div>`;
const authorsOf = (html: string) =>
  extractArticle(`<html>${html}</html>`, { url: 'https://www.mina-post.example/news/1' }).authors;

/** The forms in which Arabic newsrooms sign; research and examples are our own. */
test.each<[string, string[]]>([
  ['كتب: سمير الحلبي', ['سمير الحلبي']],
  ['كتب - سمير الحلبي', ['سمير الحلبي']],
  ['كتبت/ ريما سعيد', ['ريما سعيد']],
  ['كتبت ريما سعيد وعمر ناصر', ['ريما سعيد', 'عمر ناصر']],
  ['بقلم: د. هدى منصور', ['د. هدى منصور']],
  ['بقلم الدكتور/ سامي يوسف', ['الدكتور سامي يوسف']],
  ['بقلم الكاتب سامي يوسف', ['سامي يوسف']],
  ['الكاتبة ريما سعيد', ['ريما سعيد']],
  ['إعداد: ريما سعيد', ['ريما سعيد']],
  ['إعداد وتحرير: ريما سعيد', ['ريما سعيد']],
  ['أعدت التقرير: ريما سعيد', ['ريما سعيد']],
  ['تحرير: عمر ناصر', ['عمر ناصر']],
  ['حاورته ريما سعيد', ['ريما سعيد']],
  ['مراسلنا في القاهرة: عمر ناصر', ['عمر ناصر']],
  ['عمر ناصر - مراسل الصحيفة في غزة', ['عمر ناصر']],
  ['القاهرة – عمر ناصر', ['عمر ناصر']],
  ['عمر ناصر – القاهرة', ['عمر ناصر']],
  ['القاهرة-عمر ناصر', ['عمر ناصر']],
  ['رام الله/ عمر ناصر', ['عمر ناصر']],
  ['غزة - عمر ناصر - الأناضول', ['عمر ناصر']],
  ['الرباط – «البريد المسائي»', []],
  ['كتب سمير الحلبي – تصوير: عمر ناصر', ['سمير الحلبي']],
  ['تصوير: عمر ناصر', []],
  ['ترجمة: ريما سعيد', []],
  ['المصدر: وكالات', []],
  ['سمير الحلبي ٣ مايو ٢٠٢٤', ['سمير الحلبي']],
  ['أحمد وليد', ['أحمد وليد']],
  ['نشر بواسطة: ريما سعيد', ['ريما سعيد']],
  ['القاهرة: ريما سعيد', ['ريما سعيد']],
  ['ريما سعيد ـ القاهرة', ['ريما سعيد']],
  ['ريما سعيد من القاهرة', ['ريما سعيد']],
  ['ميناء.نت - ريما سعيد', ['ريما سعيد']],
  ['ريما سعيد و عمر ناصر', ['ريما سعيد', 'عمر ناصر']],
])('cleanAuthors, Arabic – %s', (line, expected) => {
  expect(cleanAuthors([line], new Set())).toEqual(expected);
});

test.each<[string, string[]]>([
  ['ByRima Said Updated on May 3, 2024', ['Rima Said']],
  ['By Rima Said May 3, 2024', ['Rima Said']],
  ['By Rima Said, Senior Reporter', ['Rima Said']],
  ['By Rima Said Senior Reporter', ['Rima Said']],
  ['By Rima Said, MS, RDN', ['Rima Said']],
  ['By Rima Said ⋅ Review Editor', ['Rima Said']],
  ['Rima Said, Associated Press', ['Rima Said', 'Associated Press']],
  ['Rima Said Associated Press', ['Rima Said']],
  ['Von Anna Berg, Kiel 05.08.2024, 20:59 Uhr', ['Anna Berg', 'Kiel']],
  ['By Rima Said rima@harbour-post.example', ['Rima Said']],
  ['By Rima Said with Omar Nasser', ['Rima Said', 'Omar Nasser']],
  ['By John E Webb', ['John E Webb']],
  ['Von unserer Korrespondentin Anna Berg', ['Anna Berg']],
  ['Gastbeitrag von Anna Berg', ['Anna Berg']],
  ['Rima Said, à Paris', ['Rima Said']],
  ['Article rédigé par Rima Said', ['Rima Said']],
  ['Par Rima Said, correspondante à Beyrouth', ['Rima Said']],
  ['dalla nostra corrispondente Rima Said', ['Rima Said']],
  ['Un artículo de Rima Said', ['Rima Said']],
  ['Jan Nowak i Anna Lis', ['Jan Nowak', 'Anna Lis']],
  ['Γράφει ο Νίκος Παππάς', ['Νίκος Παππάς']],
  ['سارا احمدی و علی رضایی', ['سارا احمدی', 'علی رضایی']],
  ['記者王小明／台北報導', ['王小明']],
  ['文／王小明', ['王小明']],
  ['홍길동·김철수 기자', ['홍길동', '김철수']],
  ['홍길동 기자 hong@harbour-post.example', ['홍길동']],
  ['Peer reviewed by Dr Rima Said', []],
  ['Fotos: Anna Berg', []],
  ['Staff Reports', ['Staff Reports']],
  ['March 2, 2026', []],
  ['admin', []],
])('cleanAuthors – %s', (line, expected) => {
  expect(cleanAuthors([line], new Set())).toEqual(expected);
});

test.each<[string, boolean]>([
  ['Rima Said', true],
  ['ريما سعيد', true],
  ['Mina Post', false],
  ['Mina Post Staff', false],
  ['Guardian staff reporter', false],
  ['هيئة التحرير', false],
  ['rima_said', false],
  ['مراسل الجزيرة نت', false],
])('isPerson – %s', (name, expected) => {
  expect(isPerson(name, new Set(['mina post']))).toBe(expected);
});

test.each<[string, boolean]>([
  ['Rima Said', true],
  ['Johanna van der Berg', true],
  ['Rima Said, PhD', true],
  ['ريما سعيد', true],
  ['Real estate', false],
  ['The Harbour', false],
  ['Rima', false],
  ['Tunis', false],
  ['Read more', false],
])('looksLikeName – %s', (name, expected) => {
  expect(looksLikeName(name)).toBe(expected);
});

test.each<[string, string, string[]]>([
  [
    'a visible byline stands above the account in the metadata',
    `<head><meta name="author" content="Olga Webb"></head><h1>A library by the sea</h1><p>By Rima Said</p>${body(LINES.en)}`,
    ['Rima Said'],
  ],
  [
    'JSON-LD stands above a visible byline',
    `<head><script type="application/ld+json">{"@type":"NewsArticle","headline":"A library by the sea","author":{"name":"Rima Said"}}</script></head>
     <h1>A library by the sea</h1><p>By Olga Webb</p>${body(LINES.en)}`,
    ['Rima Said'],
  ],
  [
    'a sentence that begins with "By" is no byline',
    `<h1>A library by the sea</h1><p>By Sunday Evening the town had opened its library, and readers came.</p>${body(LINES.en)}`,
    [],
  ],
  [
    'an account name gives way to the name beside it',
    `<head><meta property="article:author" content="rimasaid"><meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Rima Said"></head>
     <h1>A library by the sea</h1>${body(LINES.en)}`,
    ['Rima Said'],
  ],
  [
    'the reviewer is not the author',
    `<h1>A library by the sea</h1><p>Reviewed by <a href="/authors/olga">Olga Webb</a></p><p><a href="/authors/rima">Rima Said</a></p>${body(LINES.en)}`,
    ['Rima Said'],
  ],
  [
    'a person written about is not the author',
    `<h1>A library by the sea</h1>${body(`${LINES.en} Mayor <a href="/people/olga-webb">Olga Webb</a> cut the ribbon.`)}`,
    [],
  ],
  [
    'name, role and date in one line',
    `<h1>A library by the sea</h1><p>Rima Said | Senior Writer | May 3, 2024</p>${body(LINES.en)}`,
    ['Rima Said'],
  ],
  [
    'a section and a date in one line',
    `<nav><a href="/ls">All Local Stories</a></nav><h1>A library by the sea</h1><p>Local Stories | May 3, 2024</p>${body(LINES.en)}`,
    [],
  ],
  [
    'date, "by" and section in one line',
    `<h1>A library by the sea</h1><p>May 03, 2024 by Rima Said in Town</p>${body(LINES.en)}`,
    ['Rima Said'],
  ],
  [
    'a bare name beside a date, with a portrait',
    `<h1>A library by the sea</h1><div><img src="r.jpg" alt="Rima Said"><p>Rima Said</p><p>May 3, 2024</p></div>${body(LINES.en)}`,
    ['Rima Said'],
  ],
  [
    'a bare name beside a date, with a biography below',
    `<h1>A library by the sea</h1><p>Rima Said</p><p>May 3, 2024</p>${body(LINES.en)}<aside><p>Rima Said</p><p>Rima Said is the head of our local desk and has written about harbours for a decade.</p></aside>`,
    ['Rima Said'],
  ],
  [
    'a topic beside a date',
    `<h1>A library by the sea</h1><p>Ferry Terminals</p><p>May 3, 2024</p>${body(LINES.en)}<p>More about Ferry Terminals</p>`,
    [],
  ],
  [
    'the credit stands at the text, far from a headline that is not shown',
    `<head><title>A library by the sea</title></head><h1>Harbour news</h1>${'<p>x</p>'.repeat(60)}<p class="authorName">Rima Said</p>${body(LINES.en)}`,
    ['Rima Said'],
  ],
  [
    'a label and a name below the text',
    `<h1>A library by the sea</h1>${body(LINES.en)}<p>Author:</p><div>Rima Said</div>`,
    ['Rima Said'],
  ],
  [
    'the name field of a comment form',
    `<h1>A library by the sea</h1>${body(LINES.en)}<form id="comments"><p class="comment-form-author">Your Name</p></form>`,
    [],
  ],
  [
    'a name set apart after the text, two levels deeper',
    `<h1>افتتاح المكتبة</h1>${body(LINES.ar, '<div><div><span>ريما سعيد</span></div></div>')}`,
    ['ريما سعيد'],
  ],
  [
    'a name after the text that the text speaks of',
    `<h1>افتتاح المكتبة</h1>${body(`${LINES.ar} وقالت ريما سعيد مديرة المكتبة إنها ستفتح مساء.`, '<p>ريما سعيد</p>')}`,
    [],
  ],
  [
    'an unmarked Arabic line between headline and text',
    `<h1>افتتاح المكتبة</h1><div>كتبت: ريما سعيد</div>${body(LINES.ar)}`,
    ['ريما سعيد'],
  ],
  [
    'two names joined by waw behind a hidden English label',
    `<h1>افتتاح المكتبة</h1><div class="byline"><span>Author, </span><span>ريما سعيد وعمر ناصر</span></div>${body(LINES.ar)}`,
    ['ريما سعيد', 'عمر ناصر'],
  ],
  [
    'a city and a name in a credit',
    `<h1>افتتاح المكتبة</h1><div><a class="author" href="/w/3">عمر ناصر - القاهرة</a> <i>٣ مايو</i></div>${body(LINES.ar)}`,
    ['عمر ناصر'],
  ],
])('authors – %s', (_name, html, expected) => {
  expect(authorsOf(html)).toEqual(expected);
});
