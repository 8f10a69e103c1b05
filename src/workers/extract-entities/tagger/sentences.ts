import { tokenize } from '../../../shared/text/tokenize.ts';
import type { LabelledSentence } from './corpus.ts';
import { labelsOf, type TagSpan, TYPES } from './labels.ts';

/**
 * Training sentences made of patterns: `[person] met [PER {given} {family}] in [city]`. Names in square brackets are labelled;
 * those in braces are filled in and are not. A word in capitals asks for a name in capitals.
 */

/** Names to fill in, by kind. */
export type NameLists = Readonly<Record<string, readonly string[]>>;

/** What a whole name in square brackets is made of, and its type. */
const WHOLE: Record<string, readonly [type: TagSpan['type'], pattern: string]> = {
  person: ['PER', '{given} {family}'],
  surname: ['PER', '{family}'],
  given: ['PER', '{given}'],
  city: ['LOC', '{place}'],
  village: ['LOC', '{village}'],
  country: ['LOC', '{country}'],
  region: ['LOC', '{region}'],
  organization: ['ORG', '{organization}'],
  company: ['ORG', '{company}'],
  club: ['ORG', '{club}'],
  media: ['ORG', '{media}'],
};

const NAME = /\[(?:([A-Z]{3}) ([^\]]+)|([A-Za-z]+))\]/gu;

/** One sentence of a pattern, with names picked by `random` (0 to 1). Throws for a list or type that there is none of. */
export function fillPattern(pattern: string, lists: NameLists, random: () => number): LabelledSentence {
  const pick = (kind: string): string => {
    if (kind === 'n') return String(Math.floor(random() * 10 ** (1 + Math.floor(random() * 3))));
    const list = lists[kind.toLowerCase()];
    if (!list || list.length === 0) throw new Error(`there is no list of ${kind}`);
    const name = list[Math.floor(random() * list.length)] as string;
    return kind === kind.toLowerCase() ? name : name.toUpperCase();
  };
  const fill = (part: string) => part.replace(/\{(\w+)\}/gu, (_, kind: string) => pick(kind));
  let text = '';
  let after = 0;
  const names: { start: number; end: number; type: TagSpan['type'] }[] = [];
  for (const match of pattern.matchAll(NAME)) {
    text += fill(pattern.slice(after, match.index));
    after = match.index + match[0].length;
    const start = text.length;
    const [, tag, inner, word] = match;
    if (tag !== undefined) {
      const type = TYPES.find((known) => known === tag);
      if (!type) throw new Error(`there is no type ${tag}`);
      text += fill(inner as string);
      names.push({ start, end: text.length, type });
      continue;
    }
    const [type, whole] = WHOLE[(word as string).toLowerCase()] ?? [];
    if (!type || !whole) throw new Error(`there is no name of kind ${word}`);
    const name = fill(whole);
    text += word === word?.toLowerCase() ? name : name.toUpperCase();
    names.push({ start, end: text.length, type });
  }
  text += fill(pattern.slice(after));
  const tokens = tokenize(text);
  const spans = names.map(({ start, end, type }) => ({
    start: tokens.findIndex((token) => token.end > start),
    end: tokens.findLastIndex((token) => token.start < end) + 1,
    type,
  }));
  return { words: tokens.map((token) => token.text), labels: labelsOf(spans, tokens.length) };
}

/** The patterns of a file: its lines, but for remarks and empty ones. */
export const patternsOf = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
