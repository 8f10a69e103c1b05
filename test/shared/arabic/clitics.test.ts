import { expect, test } from 'vitest';
import { partClitics } from '../../../src/shared/arabic/clitics.ts';

test.each([
  ['القاهره', '', true, 'قاهره'],
  ['لليمن', 'ل', true, 'يمن'],
  ['وللجزاير', 'ول', true, 'جزاير'],
  ['والحكومه', 'و', true, 'حكومه'],
  ['وبالمدينه', 'وب', true, 'مدينه'],
  ['كالبحر', 'ك', true, 'بحر'],
  ['وزير', '', false, 'وزير'],
  ['واشنطن', 'و', false, 'اشنطن'],
  ['بغداد', '', false, 'بغداد'],
  ['في', '', false, 'في'],
])('partClitics – %s', (word, proclitic, article, stem) => {
  expect(partClitics(word)).toMatchObject({ proclitic, article, stem, stemStart: word.length - stem.length });
});

test.each([
  ['حكومتها', 'ها'],
  ['وزارتهم', 'هم'],
  ['مدينه', ''],
])('partClitics – pronoun behind %s', (word, pronoun) => {
  expect(partClitics(word).pronoun).toBe(pronoun);
});
