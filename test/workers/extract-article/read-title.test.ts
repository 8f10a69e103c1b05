import { expect, test } from 'vitest';
import { extractArticle } from '../../../src/workers/extract-article/index.ts';

const TEXT = `<p>${'The old ferry terminal opened its doors again on Sunday, after two years of work by the town. '.repeat(4)}</p>`;
const titleOf = (head: string, top: string, url = 'https://harbour-post.example/news/4711') =>
  extractArticle(`<html><head>${head}</head><body><main>${top}<div class="body">${TEXT}</div></main></body></html>`, {
    url,
  }).title;
const og = (text: string) => `<meta property="og:title" content="${text}">`;
const ld = (headline: string) =>
  `<script type="application/ld+json">${JSON.stringify({ '@type': 'NewsArticle', headline })}</script>`;

test.each<[string, string, string, string]>([
  [
    'an h1 that the social title confirms stands against JSON-LD',
    og('A ferry terminal full of books') + ld('Old terminal: library opens 2026'),
    '<h1>A ferry terminal full of books</h1>',
    'A ferry terminal full of books',
  ],
  [
    'an h1 with the words of the metadata in another order is as shown',
    og('الميناء القديم: افتتاح مكتبة عامة في المدينة') + ld('الميناء القديم: افتتاح مكتبة عامة في المدينة'),
    '<h1>افتتاح مكتبة عامة في الميناء القديم المدينة</h1>',
    'افتتاح مكتبة عامة في الميناء القديم المدينة',
  ],
  [
    'a kicker in the h1 that metadata leave out goes',
    og('Bibliothek öffnet im alten Fährhafen'),
    '<h1>Kultur am Wasser: Bibliothek öffnet im alten Fährhafen</h1>',
    'Bibliothek öffnet im alten Fährhafen',
  ],
  [
    'a kicker marked as such goes',
    og('Kultur: Eine Bibliothek am Wasser'),
    '<h1 class="article-title"><span class="title__overline">Neues am Hafen</span><span> - </span><span>Lesen, wo Fähren fuhren</span></h1>',
    'Lesen, wo Fähren fuhren',
  ],
  [
    'a marked kicker that metadata give too stays',
    og('Neues am Hafen: Lesen, wo Fähren fuhren'),
    '<h1><span class="kicker">Neues am Hafen</span><span>: </span><span>Lesen, wo Fähren fuhren</span></h1>',
    'Neues am Hafen: Lesen, wo Fähren fuhren',
  ],
  [
    'a class name of a kicker on what follows is none',
    '',
    '<h1><span>Am alten Hafen:</span> <span class="topline">Lesen, wo Fähren fuhren</span></h1>',
    'Am alten Hafen: Lesen, wo Fähren fuhren',
  ],
  [
    'a kicker above the h1 that JSON-LD and social title both give belongs to it',
    og('Nach zwei Jahren: Bibliothek öffnet') + ld('Nach zwei Jahren: Bibliothek öffnet'),
    '<div class="keyword">Nach zwei Jahren</div><h1>Bibliothek öffnet</h1>',
    'Nach zwei Jahren: Bibliothek öffnet',
  ],
  [
    'a headline in an h2 that metadata give, below an h1 for search engines',
    og('Where ferries left, readers arrive') + ld('Ferry terminal library opening'),
    '<h1 class="seo">Ferry terminal library opening</h1><h2>Where ferries left, readers arrive</h2>',
    'Where ferries left, readers arrive',
  ],
  [
    'a linked heading that metadata give is another article',
    og('Where ferries left, readers arrive') + ld('Ferry terminal library opening'),
    '<h1>Ferry terminal library opening</h1><h2><a href="/2">Where ferries left, readers arrive</a></h2>',
    'Ferry terminal library opening',
  ],
  [
    'an unconfirmed h1 marked as the headline',
    og('Best ferry terminals: seven we like'),
    '<h1 class="entry-title">Seven terminals worth the trip</h1>',
    'Seven terminals worth the trip',
  ],
  [
    'an h1 that is a box of the page',
    `${og('Where ferries left, readers arrive')}<title>Where ferries left, readers arrive - Harbour Post</title>`,
    '<h1>Log in</h1>',
    'Where ferries left, readers arrive',
  ],
  [
    'an h2 where there is no h1',
    `${og('7 reasons to read at the harbour | Harbour Post')}`,
    '<h2>7 good reasons to read at the harbour</h2>',
    '7 good reasons to read at the harbour',
  ],
  [
    'a headline given as the name of the site as well',
    `<meta property="og:site_name" content="Where ferries left, readers arrive: how a town turned its old terminal into a library">
     ${og('Where ferries left, readers arrive: how a town turned its old terminal into a library | Post')}`,
    '<h1>Where ferries left, readers arrive: how a town turned its old terminal into a library</h1>',
    'Where ferries left, readers arrive: how a town turned its old terminal into a library',
  ],
])('title – %s', (_name, head, top, expected) => {
  expect(titleOf(head, top)).toBe(expected);
});

test('title – of an unconfirmed h1 and another title the one the address fits much better', () => {
  const head = og('Nine terminals that became libraries');
  const top = '<h1>When libraries are full: nine for readers by the sea</h1>';
  expect(titleOf(head, top, 'https://harbour-post.example/nine-terminals-that-became-libraries')).toBe(
    'Nine terminals that became libraries',
  );
  expect(titleOf(head, top)).toBe('When libraries are full: nine for readers by the sea');
});
