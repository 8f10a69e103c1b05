import { expect, test } from 'vitest';
import { countWords, wordsOf } from '../../../src/workers/extract-article/characters.ts';
import { Vocabulary } from '../../../src/workers/extract-article/vocabulary.ts';

const TEXTS: [string, string][] = [
  ['Latin letters and figures', 'Ferry 12 leaves the port, ferry 14 stays. PORT closed!'],
  ['Arabic', 'غادرت العبّارة رقم ١٢ ميناء عدن، والميناء مغلق.'],
  ['Han and kana, a word each, after letters and alone', 'abc港口 港口abc フェリー 12号'],
  ['words at both ends', 'one two'],
  ['no word', ' – … '],
  ['characters beyond the tables', 'fine 🚢 𝒻erry ship 🚢'],
];

test.each(TEXTS)('Vocabulary – numbers the words that wordsOf finds: %s', (_name, text) => {
  const vocabulary = new Vocabulary();
  const into = new Int32Array(50);
  const count = vocabulary.learn(text, into);
  expect([...into.subarray(0, count)].map((n) => vocabulary.words[n])).toEqual(wordsOf(text));
  expect(countWords(text)).toBe(count);
});

test.each(TEXTS)('Vocabulary – stops where there is no more room: %s', (_name, text) => {
  const vocabulary = new Vocabulary();
  const into = new Int32Array(2);
  const count = vocabulary.learn(text, into);
  expect([...into.subarray(0, count)].map((n) => vocabulary.words[n])).toEqual(wordsOf(text, 2));
});

test('Vocabulary – reads words it knows under their numbers, others as 0', () => {
  const vocabulary = new Vocabulary();
  expect([...vocabulary.add(['ferry', 'port', 'ferry'])]).toEqual([1, 2, 1]);
  const into = new Int32Array(10);
  expect(vocabulary.read('The port, a FERRY – 🚢 port', into)).toBe(5);
  expect([...into.subarray(0, 5)]).toEqual([0, 2, 0, 1, 2]);
  expect(vocabulary.size).toBe(2);
});

test('Vocabulary – tells words apart that share a hash, of which there are fewer than words', () => {
  const vocabulary = new Vocabulary();
  const words = Array.from({ length: 20_000 }, (_, i) => `w${i}`);
  const numbers = vocabulary.add(words);
  expect(new Set(numbers).size).toBe(words.length);
  const into = new Int32Array(words.length);
  vocabulary.read(words.join(' '), into);
  expect(into).toEqual(numbers);
});
