/**
 * A second name in brackets behind the name of a body, which is the article's own word that both are one: المنظمة الدولية للهجرة
 * (IOM), حركة فتح (Fatah), وكالة … (أونروا), Gewerkschaft Deutscher Lokomotivführer (GDL).
 */
import type { Candidate } from './find-names.ts';
import { knowledge, nisbaCountry } from './knowledge.ts';
import { PARTICLES } from './lexicon.ts';
import { type Word, wordAt } from './words.ts';

/** Code units a name in brackets may have. */
const MAX_LENGTH = 80;
const MAX_ARABIC_WORDS = 3;
const OPENS = /^["”»]? ?[([]["“«]?/;
const CAPITALISED = /^\p{Lu}/u;

export interface Alias {
  /** The name in brackets. */
  candidate: Candidate;
  /** The name before them. */
  of: Candidate;
}

/** Pairs among the settled names, in the order of the text. */
export function findAliases(text: string, words: Word[], settled: Candidate[]): Alias[] {
  const byFirst = new Map(settled.map((one) => [one.first, one]));
  return settled.flatMap((of): Alias[] => {
    if (of.type !== 'organization' || of.cautious) return [];
    const open = OPENS.exec(text.slice(of.end, of.end + 4));
    if (!open) return [];
    const start = of.end + open[0].length;
    const close = /["”»]?[)\]]/.exec(text.slice(start, start + MAX_LENGTH));
    if (!close || close.index === 0) return [];
    const end = start + close.index;
    const first = of.last + 1;
    const last = wordAt(words, end) - 1;
    if (last < first || (words[first] as Word).start !== start || (words[last] as Word).end !== end) return [];
    if (!isName(text, words, first, last)) return [];
    const known = byFirst.get(first);
    // Whoever stands in the brackets may be somebody else: الجزيرة (CNN).
    const inside = known?.last === last ? known : undefined;
    if (inside && inside.type !== 'organization' && inside.senses.length > 0) return [];
    if (inside && inside.senses.length > 0 && of.senses.length > 0) return [];
    const key = words.slice(first, last + 1).map((word) => word.key);
    const candidate: Candidate = {
      ...(inside ?? { senses: [], source: 'rule' as const, confidence: 0.8 }),
      first,
      last,
      start,
      end,
      type: 'organization',
      key: key.join(' '),
    };
    delete candidate.cautious;
    return [{ candidate, of }];
  });
}

function isName(text: string, words: Word[], first: number, last: number): boolean {
  const { common, places } = knowledge();
  const named = words.slice(first, last + 1);
  const [head] = named as [Word];
  if (named.some(({ script, gap }, index) => script === 'number' || (index > 0 && !/^[ \-&.'’]+$/.test(gap))))
    return false;
  if (head.script !== 'arabic') return CAPITALISED.test(text.slice(head.start));
  return (
    named.length <= MAX_ARABIC_WORDS &&
    head.key.length >= 2 &&
    !named.every(({ key }) => common.has(key) || PARTICLES.has(key) || nisbaCountry(key) !== undefined) &&
    !places.has(named.map(({ key }) => key).join(' '))
  );
}
