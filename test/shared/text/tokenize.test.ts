import { expect, test } from 'vitest';
import { tokenize } from '../../../src/shared/text/tokenize.ts';

test.each([
  ['Arabic with glued marks', 'صنعاء، اليمن (CNN)-- قال', ['صنعاء', '،', 'اليمن', '(', 'CNN', ')', '--', 'قال']],
  ['vowelled Arabic stays one word', 'مُحَمَّدٌ والـــبيت', ['مُحَمَّدٌ', 'والـــبيت']],
  ['English clitics', "Maria's team didn't win", ['Maria', "'s", 'team', 'did', "n't", 'win']],
  ['hyphens part words', 'Abd-Rabbu', ['Abd', '-', 'Rabbu']],
  ['numbers keep separators', '3,500 و ١٢٫٥ at 10:30.', ['3,500', 'و', '١٢٫٥', 'at', '10:30', '.']],
  ['ideographs stand alone', '李娜在WTA夺冠', ['李', '娜', '在', 'WTA', '夺', '冠']],
  ['astral signs stay whole', 'فوز 🏆 كبير', ['فوز', '🏆', 'كبير']],
  ['nothing', ' \n ', []],
])('tokenize – %s', (_case, text, expected) => {
  const tokens = tokenize(text);
  expect(tokens.map((token) => token.text)).toEqual(expected);
  for (const { text: word, start, end } of tokens) expect(text.slice(start, end)).toBe(word);
});
