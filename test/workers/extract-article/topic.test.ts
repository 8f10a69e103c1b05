import { expect, test } from 'vitest';
import { collectBlocks } from '../../../src/workers/extract-article/blocks.ts';
import { Topic } from '../../../src/workers/extract-article/topic.ts';
import { parseTree } from '../../../src/workers/extract-article/tree.ts';

const SURE = 0.9;
const topicOf = (lines: [text: string, p: number][]) =>
  new Topic(
    collectBlocks(parseTree(lines.map(([text]) => `<p>${text}</p>`).join('')).root),
    Float32Array.from(lines, ([, p]) => p),
    Uint8Array.from(lines, ([, p]) => (p >= SURE ? 1 : 0)),
  );

test('Topic – a block shares the words that sure blocks have, grammar and its own apart', () => {
  const topic = topicOf([
    ['Ferries left the harbour at night', SURE],
    ['The harbour is closed, harbour pilots said', SURE],
    ['Ferries and pilots wait for the harbour', 0.3],
    ['Recipes for winter evenings', 0.3],
  ]);
  // Of "ferries", "harbour" and "night" only the harbour is in the other sure block.
  expect(topic.share(0)).toBeCloseTo(1 / 3);
  // "harbour" twice of "harbour", "closed", "harbour", "pilots".
  expect(topic.share(1)).toBeCloseTo(2 / 4);
  expect(topic.share(2)).toBe(1);
  expect(topic.share(3)).toBe(0);
});

test('Topic – words of scripts that are written in fewer letters count, however short', () => {
  const topic = topicOf([
    ['ميناء عدن مغلق', SURE],
    ['عدن', 0.5],
  ]);
  expect(topic.share(1)).toBe(1);
});

test.each<[string, [string, number][]]>([
  [
    'no block is sure',
    [
      ['harbour pilots', 0.5],
      ['harbour', 0.5],
    ],
  ],
  [
    'the block has grammar only',
    [
      ['harbour pilots', SURE],
      ['and the rest', 0.5],
    ],
  ],
  [
    'the block is hopeless',
    [
      ['harbour pilots', SURE],
      ['harbour', 0.01],
    ],
  ],
])('Topic – there is nothing to compare where %s', (_name, lines) => {
  expect(topicOf(lines).share(1)).toBe(-1);
});
