/**
 * Newspapers, channels and agencies called without the word that says what they are, where the text shows that one is meant:
 * مراسل الجزيرة, لـ«الشرق الأوسط», and the agency of the dateline.
 */
import type { FoundDateline } from './dateline.ts';
import type { Candidate } from './find-names.ts';
import { type Known, knowledge } from './knowledge.ts';
import { offsetIn, stemsOf, type Word, wordAt, wordSet } from './words.ts';

const MAX_WORDS = 4;
const CORRESPONDENT = wordSet('مراسل مراسلة مراسلو مراسلي موفد موفدة مذيع مذيعة مراسلا');
/** Behind a blank, or a particle lengthened to reach the mark: لـ«الحياة». */
const QUOTE = /(?:^|[ ـ])["“«]$/;

export function findOutlets(text: string, words: Word[], dateline: FoundDateline | undefined): Candidate[] {
  const { outlets } = knowledge();
  const found: Candidate[] = [];
  const span = dateline?.agencySpan;
  const agency = span && agencyOf(text, words, span);
  if (agency) found.push(agency);
  for (let at = 1; at < words.length; at++) {
    const word = words[at] as Word;
    const quoted = QUOTE.test(word.gap);
    const before = (words[at - 1] as Word).key;
    if (!quoted && !isCorrespondent(before)) continue;
    for (let length = MAX_WORDS; length >= 1; length--) {
      const last = words[at + length - 1];
      if (last === undefined) continue;
      const key = keyOf(words, at, length);
      const known = outlets.get(key);
      if (known === undefined) continue;
      const closed = !quoted || /^["”»]/.test(text.slice(last.end, last.end + 1));
      // "النهار" is a day as well: in marks it takes a listener's particle before it, or the agency of the dateline.
      const reason =
        !quoted || /^[وف]?(?:ل|عن|صحيفه|جريده|قناه|موقع|وكاله)$/.test(before) || known === agency?.senses[0];
      if (closed && reason) {
        found.push(outlet(words, at, at + length - 1, 0, known));
        break;
      }
    }
  }
  return found;
}

const isCorrespondent = (key: string): boolean =>
  /مراسل|موفد|مذيع/.test(key) && stemsOf(key).some((stem) => CORRESPONDENT.has(stem.key));

const keyOf = (words: Word[], at: number, length: number): string =>
  words
    .slice(at, at + length)
    .map((word) => word.key)
    .join(' ');

/** The agency of a dateline is one also where its name is that of a town: بترا, قنا. */
function agencyOf(text: string, words: Word[], span: { start: number; end: number }): Candidate | undefined {
  const first = wordAt(words, span.start);
  const last = wordAt(words, span.end) - 1;
  if (last < first) return undefined;
  const key = keyOf(words, first, last - first + 1);
  const known = outletNamed(key);
  // An agency nobody has registered is one all the same, but وكالات is none.
  if (known === undefined && knowledge().common.has(key)) return undefined;
  const skip = (words[first] as Word).stems.find(
    (stem) => (words[first] as Word).start + stem.skip === span.start,
  )?.skip;
  return text.slice(span.start, span.end).trim() === '' ? undefined : outlet(words, first, last, skip ?? 0, known);
}

/** The outlet of a folded name, with or without what it is. */
export function outletNamed(key: string): Known | undefined {
  const { outlets, phrases } = knowledge();
  const [first = '', ...rest] = key.split(' ');
  return (
    outlets.get(key) ??
    phrases
      .get(first)
      ?.find(({ known, rest: more }) => /^(?:agency|media)$/.test(known.kind) && more.join(' ') === rest.join(' '))
      ?.known
  );
}

function outlet(words: Word[], first: number, last: number, skip: number, known: Known | undefined): Candidate {
  const word = words[first] as Word;
  return {
    first,
    last,
    start: offsetIn(word, skip),
    end: (words[last] as Word).end,
    type: 'organization',
    key: keyOf(words, first, last - first + 1),
    senses: known ? [known] : [],
    source: known ? 'known' : 'rule',
    confidence: 0.97,
  };
}
