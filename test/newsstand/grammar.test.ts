import { expect, test } from 'vitest';
import { expand, type Memory, parseGrammar } from '../../src/newsstand/grammar.ts';
import { randomFrom } from '../../src/newsstand/random.ts';

const grammar = parseGrammar(`
# A comment.
== given
Ada | Ben | Cleo | Dov | Eve
== family
Lark | Moss | Nettle | Oak | Pike
== man
{given} {family}
== place(city, country)
Sfax; Tunisia
Oran; Algeria
`);

function write(template: string, seed: number, memory: Memory = new Map()): string {
  return expand(grammar, template, randomFrom(seed), memory);
}

const SEEDS = Array.from({ length: 30 }, (_unused, index) => index);

test.each([
  ['inline choice', '<a|b|c>', /^[abc]$/],
  ['nested choice', '<a|b<c|d>>', /^(?:a|bc|bd)$/],
  ['a rule once and again', '{man.x}, {man.x}', /^(\w+ \w+), \1$/],
  ['a surname on its own', '{man.x}: {family.x}', /^\w+ (\w+): \1$/],
  ['fields of one row', '{place:city} in {place:country}', /^(?:Sfax in Tunisia|Oran in Algeria)$/],
  ['different rows per key', '{place:city} {place.b:city}', /^(?:Sfax Oran|Oran Sfax)$/],
  ['a number in its range', '{n:8-11}', /^(?:8|9|10|11)$/],
  ['a number remembered', '{n.k:100-900} {n.k:1-2}', /^(\d{3}) \1$/],
  ['a date slot left alone', '{date:-3} {weekday}', /^\{date:-3\} \{weekday\}$/],
  ['a date slot of a range', '{date:-3~-1}', /^\{date:-[123]\}$/],
])('expand – %s', (_case, template, expected) => {
  for (const seed of SEEDS) expect(write(template, seed)).toMatch(expected);
});

test('expand – different seeds, different texts', () => {
  expect(new Set(SEEDS.map((seed) => write('{man} {man}', seed))).size).toBeGreaterThan(20);
});

test.each([
  ['{nobody}', 'no rule nobody'],
  ['{place:mayor}', 'no mayor'],
  ['{n:many}', 'needs a range'],
])('expand – %s is refused', (template, message) => {
  expect(() => write(template, 1)).toThrow(message);
});
