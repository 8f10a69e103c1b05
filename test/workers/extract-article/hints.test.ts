import { expect, test } from 'vitest';
import { HINTS, hintsOf } from '../../../src/workers/extract-article/hints.ts';
import { parseTree, TreeNode } from '../../../src/workers/extract-article/tree.ts';

function hintsIn(html: string): string[] {
  const { first } = parseTree(html).root;
  const bits = first instanceof TreeNode ? hintsOf(first) : 0;
  return HINTS.filter((_hint, i) => bits & (1 << i));
}

test.each([
  ['', []],
  ['x y-z 12', []],
  ['comments', ['comment']],
  ['Comments_list', ['comment', 'list']],
  ['relatedStories', ['related', 'list']],
  // Of several words, in any spelling.
  ['articleBody', ['body', 'article']],
  ['articlebody', ['body']],
  ['article__body', ['body', 'article']],
  ['c-read-more', ['related']],
  ['wpCaptionText', ['caption', 'article']],
  ['call-to-action', ['newsletter', 'share']],
  ['about-the-author', ['meta', 'bio']],
  ['about author', ['meta', 'bio']],
  ['about', []],
  // Open at the end.
  ['recommendations', ['related']],
  ['subhead-2', ['lead']],
  ['خبر share é', ['share']],
  [`${'x'.repeat(298)} nav`, []],
  [`${'x'.repeat(290)} nav`, ['nav']],
])('hintsOf – class "%s"', (name, expected) => {
  const inOrder = HINTS.filter((hint) => (expected as string[]).includes(hint));
  expect(hintsIn(`<i class="${name}">`)).toEqual(inOrder);
  expect(hintsIn(`<i id="${name}">`)).toEqual(inOrder);
  expect(hintsIn(`<i data-testid="${name}">`)).toEqual(inOrder);
});

test.each([
  ['<nav>', ['nav']],
  ['<ASIDE role=contentinfo>', ['sidebar', 'footer']],
  ['<div itemprop="text articleBody">', ['body']],
  ['<div aria-hidden="true" id=share>', ['share', 'hidden']],
])('hintsOf – %s', (html, expected) => {
  expect(hintsIn(html)).toEqual(expected);
});

test('hintsOf – more different words than are remembered', () => {
  const letters = (n: number) => [...n.toString(10)].map((digit) => 'qwzkxvhygp'.charAt(Number(digit))).join('');
  for (let i = 0; i < 40_000; i++) expect(hintsIn(`<i class="${letters(i)} newsletter">`)).toEqual(['newsletter']);
});
