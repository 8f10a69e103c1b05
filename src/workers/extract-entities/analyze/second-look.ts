/** Names found once are looked for everywhere. */
import type { Found } from './found.ts';
import { knowledge, nisbaCountry } from './knowledge.ts';
import { PARTICLES, SAYING_VERBS } from './lexicon.ts';
import { offsetIn, staysTogether, type Word, wordSet } from './words.ts';

/** Looks for every accepted name, and the family name of every person, in the words no name covers yet. */
export function secondLook(text: string, words: Word[], found: Map<string, Found>, covered: Set<number>): void {
  const { common } = knowledge();
  const byFirst = new Map<string, { rest: string[]; one: Found; surname: boolean }[]>();
  const file = (key: string, one: Found, surname: boolean) => {
    const [first, ...rest] = key.split(' ');
    if (first === undefined || first.length < 2) return;
    if (rest.length === 0 && (PARTICLES.has(first) || (common.has(first) && !surname))) return;
    byFirst.set(first, [...(byFirst.get(first) ?? []), { rest, one, surname }]);
  };
  for (const one of found.values()) {
    for (const key of one.keys) {
      file(key, one, false);
      const parts = key.split(' ');
      const family = parts.at(-1) as string;
      if (one.entity.type === 'person' && parts.length > 1 && family.length >= 3) file(family, one, true);
      // شركة آبل is آبل later on.
      const [head = '', name = ''] = parts;
      if (one.entity.type === 'organization' && parts.length === 2 && CALLED_BY_NAME.has(head) && isUnknown(name))
        file(name, one, false);
    }
  }
  for (const names of byFirst.values()) names.sort((a, b) => b.rest.length - a.rest.length);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    if (covered.has(at) || word.indefinite) continue;
    for (const stem of word.stems) {
      const name = byFirst
        .get(stem.key)
        ?.find(
          ({ rest, surname, one }) =>
            (!surname || surnameStands(text, words, at, one)) &&
            rest.every(
              (key, index) =>
                words[at + index + 1]?.key === key &&
                staysTogether((words[at + index + 1] as Word).gap) &&
                !covered.has(at + index + 1),
            ),
        );
      if (name === undefined) continue;
      const last = at + name.rest.length;
      const start = offsetIn(word, stem.skip);
      const end = (words[last] as Word).end;
      name.one.mentions.push({ text: text.slice(start, end), start, end, first: at, last });
      for (let index = at; index <= last; index++) covered.add(index);
      break;
    }
  }
}

/** Heads left out when the body is spoken of again. */
const CALLED_BY_NAME = wordSet('شركة مؤسسة مجموعة حركة منظمة صحيفة وكالة شبكة نادي بنك');

const isUnknown = (key: string): boolean =>
  key.length >= 3 &&
  !key.startsWith('ال') &&
  !knowledge().places.has(key) &&
  !knowledge().givenNames.has(key) &&
  nisbaCountry(key) === undefined;

/** A family name that is also an ordinary word counts only where it does not qualify the noun before it. */
function surnameStands(text: string, words: Word[], at: number, one: Found): boolean {
  const word = words[at] as Word;
  if (word.script !== 'arabic') return /^\p{Lu}/u.test(text.charAt(word.start));
  const { common, givenNames } = knowledge();
  const before = words[at - 1];
  // A given name before it that this person does not bear makes it somebody else.
  if (
    before &&
    word.gap === ' ' &&
    givenNames.has(before.key) &&
    ![...one.keys].some((key) => key.split(' ').includes(before.key))
  )
    return false;
  // وأوضح السويدي: right behind a verb of saying it is the man of that name, not a Swede.
  if (nisbaCountry(word.key) !== undefined)
    return before !== undefined && word.gap === ' ' && SAYING_VERBS.has(before.key.replace(/^[وف](?=.{3})/, ''));
  return (
    !common.has(word.key) ||
    before === undefined ||
    /[.:،"«\n]/.test(word.gap) ||
    !common.has(before.key) ||
    before.key.startsWith('ال')
  );
}
