/** What the statistical tagger holds for names, brought into the shape of the rules' candidates. */
import type { Mention } from '../../../shared/model.ts';
import { isFiniteVerb } from './arabic-people.ts';
import type { Candidate } from './find-names.ts';
import { type Known, knowledge, nisbaCountry } from './knowledge.ts';
import { lastOffice } from './latin-names.ts';
import { NOT_PLACES, PARTICLES, SAYING_VERBS, TITLES } from './lexicon.ts';
import { offsetIn, type Word } from './words.ts';

/** Below this the tagger is wrong too often to add a name by itself. */
const MIN_CONFIDENCE = 0.55;
/** What a single word nobody knows must reach. */
const SURE = 0.85;

export function fromTagger(text: string, words: Word[], mentions: Mention[]): Candidate[] {
  const candidates: Candidate[] = [];
  let at = 0;
  for (const mention of mentions) {
    while (at < words.length && (words[at] as Word).end <= mention.start) at++;
    const word = words[at];
    if (word === undefined) break;
    if (mention.confidence < MIN_CONFIDENCE || word.start >= mention.end) continue;
    let last = at;
    while (last + 1 < words.length && (words[last + 1] as Word).start < mention.end) last++;
    // The s of a genitive is not part of the name after it.
    if ((words[at] as Word).key === 's' && last > at) at++;
    // حكومة الجنوب بـ"…": a particle before a quotation mark.
    if (last > at && (words[last] as Word).key.length === 1 && (words[last] as Word).script === 'arabic') last--;
    const candidate = candidateOf(text, words, at, last, {
      ...mention,
      start: Math.max(mention.start, (words[at] as Word).script === 'arabic' ? 0 : (words[at] as Word).start),
    });
    if (candidate) candidates.push(candidate);
  }
  return candidates;
}

function candidateOf(
  text: string,
  words: Word[],
  first: number,
  last: number,
  mention: Mention,
): Candidate | undefined {
  // محافظ نينوى أثيل النجيفي: the place belongs to the office before it.
  const placed =
    mention.type === 'person' &&
    last - first >= 2 &&
    TITLES.has(words[first - 1]?.key ?? '') &&
    knowledge().places.has((words[first] as Word).key);
  if (placed) return candidateOf(text, words, first + 1, last, { ...mention, start: (words[first + 1] as Word).start });
  // Bundesverkehrsminister Volker Wissing: the office is no part of the name.
  const office = (words[first] as Word).script === 'latin' ? lastOffice(words, first, last) : undefined;
  if (office !== undefined && last - office >= 2 && !(mention.type === 'organization' && office === first))
    return candidateOf(text, words, office + 1, last, {
      ...mention,
      type: 'person',
      start: (words[office + 1] as Word).start,
    });
  // El Banco de la República: the article that opens a sentence.
  if (
    mention.type === 'organization' &&
    last > first &&
    /^(?:el|la|los|las|le|les|der|die|das|the)$/.test((words[first] as Word).key)
  )
    return candidateOf(text, words, first + 1, last, { ...mention, start: (words[first + 1] as Word).start });
  const word = words[first] as Word;
  const rest = words.slice(first + 1, last + 1).map((next) => next.key);
  const inner = keyFrom(word, mention.start);
  const { places, common, phrases, givenNames } = knowledge();
  const arabic = word.script === 'arabic';
  // A ship, a film, a brand: people do not stand in quotation marks.
  if (
    mention.type === 'person' &&
    /["«“]/.test(text.charAt(mention.start - 1)) &&
    /["»”]/.test(text.charAt(mention.end))
  )
    return undefined;
  if (
    rest.length === 0 &&
    (inner.key.length < 2 ||
      PARTICLES.has(inner.key) ||
      SAYING_VERBS.has(inner.key) ||
      nisbaCountry(word.key) !== undefined ||
      NOT_PLACES.has(inner.key))
  )
    return undefined;
  if (rest.length === 0 && arabic && common.has(inner.key)) return undefined;
  // 400 ريال is an amount, whatever it is called.
  if (words[first - 1]?.script === 'number' && rest.length === 0) return undefined;
  if (arabic && mention.type === 'person' && words.slice(first, last + 1).some((part) => part.indefinite))
    return undefined;
  // هادي استقبل برينان is a sentence.
  if (
    arabic &&
    mention.type === 'person' &&
    rest.some((key) => (isFiniteVerb(key) && !givenNames.has(key)) || SAYING_VERBS.has(key))
  )
    return undefined;
  // المتحدث باسم مديرية الأمن: on behalf of, not Bassem.
  if (arabic && mention.type === 'person' && inner.key === 'باسم' && !givenNames.has(rest[0] ?? '')) return undefined;
  if (arabic && mention.type === 'person' && !givenNames.has(inner.key)) {
    if (common.has(inner.key) || PARTICLES.has(inner.key) || /^س[يت].{4,}|^[يت].{3,}ون$/.test(inner.key))
      return undefined;
    if (rest.length === 0 && mention.confidence < SURE) return undefined;
  }
  // The tagger may leave a particle on the name, or take off a letter that is the name's own: what we know decides.
  const assimilated =
    inner.skip === 0 && word.key.startsWith('لل')
      ? word.stems.filter((stem) => stem.clitics === 'ل' && stem.key.startsWith('ال'))
      : [];
  const readings = arabic ? [...assimilated, inner, ...word.stems.filter((stem) => stem.key !== inner.key)] : [inner];
  const look = ({ key }: { key: string }): Known[] => {
    const whole = [key, ...rest].join(' ');
    const known = (phrases.get(key) ?? [])
      .filter((phrase) => phrase.known.type === mention.type && phrase.rest.join(' ') === rest.join(' '))
      .map((phrase) => phrase.known);
    return mention.type === 'location' ? [...new Set([...known, ...(places.get(whole) ?? [])])] : known;
  };
  // وعلي بن حماد: the conjunction is no part of the given name.
  const given =
    arabic && mention.type === 'person' && !givenNames.has(inner.key) && rest.length > 0
      ? word.stems.find(({ key, clitics }) => /^[وف]$/.test(clitics) && givenNames.has(key))
      : undefined;
  const reading = readings.find((one) => look(one).length > 0) ?? given ?? readings[0] ?? inner;
  const senses = look(reading);
  if (arabic && rest.length === 0 && senses.length === 0 && mention.type !== 'person' && mention.confidence < SURE)
    return undefined;
  // بني سويف is a town also where it looks like a person's name.
  const towns =
    mention.type === 'person' && rest.length > 0 && senses.length === 0
      ? places.get([reading.key, ...rest].join(' '))
      : undefined;
  const start = offsetIn(word, reading.skip);
  return {
    first,
    last,
    start,
    end: (words[last] as Word).end,
    type: towns ? 'location' : mention.type,
    key: [reading.key, ...rest].join(' '),
    senses: towns ?? senses,
    source: 'tagger',
    confidence: mention.confidence,
  };
}

/** The folded word from the offset the tagger gives. */
function keyFrom(word: Word, start: number): { key: string; skip: number } {
  if (start <= word.start) return { key: word.key, skip: 0 };
  const skip = word.offsets ? word.offsets.findIndex((offset) => offset >= start) : start - word.start;
  if (skip <= 0 || skip >= word.key.length) return { key: word.key, skip: 0 };
  // لليمن is tagged from its second ل on: the name is read with its article.
  const key = word.key.slice(skip);
  return word.key.charAt(skip) === 'ل' && word.key.charAt(skip - 1) === 'ل' && word.key.startsWith('لل', skip - 1)
    ? { key: `ا${key}`, skip }
    : { key, skip };
}
