/**
 * The document pass: from candidate names to entities. Overlaps are settled, namesakes told apart by the countries the text
 * speaks of, surnames joined to full names, names found once looked for everywhere, and every name gets one type and one id.
 */
import type { Entity, Span } from '../../../shared/model.ts';
import { LINEAGE } from './arabic-people.ts';
import { type Alias, findAliases } from './bracketed-aliases.ts';
import { bestSense, type Candidate, placeHasReason } from './find-names.ts';
import { type Known, knowledge, nisbaCountry } from './knowledge.ts';
import { calledLater } from './latin-bodies.ts';
import { ORGANIZATION_HEADS, PARTICLES, SAYING_VERBS, TITLES } from './lexicon.ts';
import { provisionalId, romanize } from './romanize.ts';
import { isSport } from './sport.ts';
import { offsetIn, staysTogether, type Word, wordSet } from './words.ts';

/** An entity while it is put together; `key` is the folded longest name. */
export interface Found {
  id: string;
  entity: Entity;
  known?: Known;
  keys: Set<string>;
  mentions: (Span & { first: number; last: number })[];
}

const MAX_OFFICE_WORDS = 8;
/** Bearers of one family name looked at; more is no report but a list. */
const MAX_NAMESAKES = 50;

/** Settles overlaps: the longer span wins, the surer one among equals; equal spans of one type share what they know. */
export function settle(candidates: Candidate[]): Candidate[] {
  const bySpan = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const span = `${candidate.start} ${candidate.end} ${candidate.type}`;
    const same = bySpan.get(span);
    if (same === undefined) {
      bySpan.set(span, { ...candidate });
      continue;
    }
    const known = same.source === 'known' ? same : candidate.source === 'known' ? candidate : undefined;
    same.senses = [...new Set([...same.senses, ...candidate.senses])];
    same.confidence = Math.max(same.confidence, candidate.confidence);
    if (!(same.cautious && candidate.cautious)) delete same.cautious;
    same.source = known ? 'known' : same.source;
    same.role ??= candidate.role as string;
    same.country ??= candidate.country as string;
    same.pattern ??= candidate.pattern as NonNullable<Candidate['pattern']>;
  }
  const spans = [...bySpan.values()];
  // A longer guess around a person we know adds nothing but its title.
  const people = new Map(
    spans
      .filter((span) => span.type === 'person' && span.source === 'known' && span.last > span.first)
      .map((span) => [span.first, span]),
  );
  const kept = spans.filter((span) => {
    if (span.type !== 'person' || span.source === 'known') return true;
    const inner = innerOf(span, people);
    if (inner === undefined) return true;
    if (span.role) inner.role ??= span.role;
    // محمد بن سلمان بن عبد العزيز: the lineage behind a name we know.
    const lineage = inner.first === span.first && LINEAGE.test(span.key.split(' ')[inner.last - inner.first + 1] ?? '');
    if (lineage) Object.assign(inner, { last: span.last, end: span.end, key: span.key });
    return false;
  });
  kept.sort((a, b) => weight(b) - weight(a) || a.start - b.start);
  const taken = new Set<number>();
  const settled: Candidate[] = [];
  for (const span of kept) {
    let free = true;
    for (let word = span.first; word <= span.last; word++) if (taken.has(word)) free = false;
    if (!free) continue;
    for (let word = span.first; word <= span.last; word++) taken.add(word);
    settled.push(span);
  }
  return settled.sort((a, b) => a.start - b.start);
}

function innerOf(span: Candidate, people: Map<number, Candidate>): Candidate | undefined {
  for (let word = span.first; word < span.last; word++) {
    const inner = people.get(word);
    if (inner && inner.start >= span.start && inner.end <= span.end) return inner;
  }
  return undefined;
}

const weight = (span: Candidate): number =>
  span.last - span.first + 1 + span.confidence + (span.source === 'known' && span.last > span.first ? 1 : 0);

export function buildEntities(
  text: string,
  words: Word[],
  settled: Candidate[],
  countries: Map<string, number>,
  language: string,
): Found[] {
  const main = mainCountry(countries);
  const aliases = findAliases(text, words, settled);
  const sameAs = joinAliases(aliases);
  for (const one of settled) {
    const later = one.type === 'organization' && one.senses.length === 0 ? calledLater(one.key) : undefined;
    if (later !== undefined && !sameAs.has(later)) sameAs.set(later, one);
  }
  const inBracketsAs = new Set(aliases.map(({ candidate }) => candidate.first));
  const named = [
    ...settled.filter((one) => !inBracketsAs.has(one.first)),
    ...aliases.map(({ candidate }) => candidate),
  ];
  const sport = isSport(words);
  const found = new Map<string, Found>();
  const covered = new Set<number>();
  const sure = named.filter((candidate) => !candidate.cautious);
  const whoIs = (candidate: Candidate) =>
    identify(sameAs.get(candidate) ?? sameAs.get(candidate.key) ?? candidate, countries, main);
  const ids = new Set(sure.map((candidate) => whoIs(candidate).id));
  const types = typesOf(named);
  for (const candidate of named) {
    if (candidate.senses.length === 0 && !candidate.pattern)
      candidate.type = types.get(candidate.key) ?? candidate.type;
    const { id, known } = whoIs(candidate);
    if (
      candidate.cautious &&
      !ids.has(id) &&
      !(sport && known?.kind === 'club' && !ORGANIZATION_HEADS.has(candidate.key)) &&
      !(candidate.type === 'location' && placeHasReason(words, candidate, countries)) &&
      !inBrackets(text, candidate)
    )
      continue;
    addMention(found, covered, text, candidate, id, known, language);
  }
  for (const one of found.values()) if (one.entity.type === 'person') addAppositions(text, words, one);
  joinPeople(found);
  secondLook(text, words, found, covered);
  const entities = [...found.values()];
  for (const one of entities) one.mentions.sort((a, b) => a.start - b.start);
  return entities.sort((a, b) => (a.mentions[0]?.start ?? 0) - (b.mentions[0]?.start ?? 0));
}

/**
 * Whom the names of bracketed pairs mean, by candidate and, for names nobody knows, by folded name: the one of the two that is known,
 * else a name of several Latin words, which makes the same id in every language, else the one before the brackets.
 */
function joinAliases(aliases: Alias[]): Map<Candidate | string, Candidate> {
  const same = new Map<Candidate | string, Candidate>();
  for (const { candidate, of } of aliases) {
    const latin = of.senses.length === 0 && !of.pattern && /^[a-z]+ [a-z]/.test(candidate.key);
    const one = candidate.senses.length > 0 || latin ? candidate : of;
    same.set(candidate, one);
    same.set(of, one);
    for (const { key, senses, pattern } of [candidate, of]) if (senses.length === 0 && !pattern) same.set(key, one);
  }
  return same;
}

/** One type per name: what most of its mentions are; a rule's word counts for more than the tagger's. */
function typesOf(candidates: Candidate[]): Map<string, Candidate['type']> {
  const votes = new Map<string, Map<Candidate['type'], number>>();
  for (const { key, type, source, senses } of candidates) {
    const byType = votes.get(key) ?? new Map<Candidate['type'], number>();
    byType.set(type, (byType.get(type) ?? 0) + (senses.length > 0 ? 3 : source === 'tagger' ? 1 : 1.5));
    votes.set(key, byType);
  }
  return new Map(
    [...votes].map(([key, byType]) => [
      key,
      ([...byType].sort((a, b) => b[1] - a[1])[0] as [Candidate['type'], number])[0],
    ]),
  );
}

/** The country most spoken of, if one stands out. */
function mainCountry(countries: Map<string, number>): string | undefined {
  const [first, second] = [...countries].sort((a, b) => b[1] - a[1]);
  if (first === undefined || first[1] < 2) return undefined;
  return second && second[1] === first[1] ? undefined : first[0];
}

const inBrackets = (text: string, { start, end }: Span | Candidate): boolean =>
  /[(["«]/.test(text.charAt(start - 1)) && /[)\]"»]/.test(text.charAt(end));

function identify(
  candidate: Candidate,
  countries: Map<string, number>,
  main: string | undefined,
): { id: string; known?: Known } {
  const known = bestSense(candidate.senses, countries);
  if (known) return { id: known.id, known };
  const { pattern } = candidate;
  if (pattern) {
    if (pattern.id.startsWith('org:')) return { id: pattern.id };
    return { id: main ? `org:${main.toLowerCase()}-${pattern.id}` : `org:${pattern.id}` };
  }
  return { id: provisionalId(candidate.type, candidate.key, candidate.country) };
}

function addMention(
  found: Map<string, Found>,
  covered: Set<number>,
  text: string,
  candidate: Candidate,
  id: string,
  known: Known | undefined,
  language: string,
): void {
  const { start, first, last } = candidate;
  const end = closeMark(text, start, candidate.end);
  for (let word = first; word <= last; word++) covered.add(word);
  const surface = text.slice(start, end);
  const existing = found.get(id);
  const one = existing ?? {
    id,
    entity: newEntity(candidate, id, known, surface, language),
    keys: new Set<string>(),
    mentions: [],
    ...(known ? { known } : {}),
  };
  if (existing === undefined) found.set(id, one);
  else if (known === undefined && !candidate.pattern && surface.length > one.entity.name.length) {
    one.entity.name = whole(surface, candidate.key);
    one.entity.names[language] = one.entity.name;
  }
  one.keys.add(candidate.key);
  one.mentions.push({ text: surface, start, end, first, last });
  if (candidate.role && !one.entity.roles.includes(candidate.role)) one.entity.roles.push(candidate.role);
}

/** A name that opens a quotation mark inside takes its closing one along: صحيفة "الحياة". */
function closeMark(text: string, start: number, end: number): number {
  // U.S. keeps its last point.
  if (/^\p{Lu}(?:\.\p{Lu})+$/u.test(text.slice(start, end)) && text.charAt(end) === '.') return end + 1;
  const marks = text.slice(start, end).match(/["«»“”]/g)?.length ?? 0;
  return marks % 2 === 1 && /["»”“]/.test(text.charAt(end)) ? end + 1 : end;
}

/** للدرك is ل and الدرك: the name has its article. */
function whole(surface: string, key: string): string {
  return key.startsWith('ال') && /^ل(?!ل)/.test(surface) ? `ا${surface}` : surface;
}

function newEntity(
  candidate: Candidate,
  id: string,
  known: Known | undefined,
  surface: string,
  language: string,
): Entity {
  const names: Record<string, string> = { ...known?.names };
  // CAIRO of a dateline is Cairo.
  const shouted = surface.length > 3 && /^[\p{Lu} -]+$/u.test(surface);
  names[language] ??= (shouted ? names.en : undefined) ?? whole(surface, candidate.key);
  if (language === 'ar')
    names.en ??= candidate.pattern?.english ?? (candidate.type === 'person' ? romanize(candidate.key) : '');
  if (names.en === '') delete names.en;
  const entity: Entity = { id, type: candidate.type, name: names[language] as string, names, roles: [], mentions: [] };
  const country = known?.country ?? candidate.country ?? candidate.pattern?.country;
  if (country) entity.country = country;
  if (known?.lat !== undefined && known.lon !== undefined) Object.assign(entity, { lat: known.lat, lon: known.lon });
  return entity;
}

/** راشد الغنوشي، زعيم حركة النهضة، …: an office behind the name. */
function addAppositions(text: string, words: Word[], one: Found): void {
  for (const { last } of one.mentions) {
    const office = words[last + 1];
    if (office === undefined || !/^[،,] ?$/.test(office.gap) || !TITLES.has(office.key)) continue;
    let end = last + 1;
    while (
      end - last < MAX_OFFICE_WORDS &&
      words[end + 1] &&
      /^[ "«»]+$/.test((words[end + 1] as Word).gap) &&
      !PARTICLES.has((words[end + 1] as Word).key)
    )
      end++;
    if (end - last === 1 || !/^[،,.]/.test(words[end + 1]?.gap ?? '.')) continue;
    const role = text.slice(office.start, (words[end] as Word).end);
    if (!one.entity.roles.includes(role)) one.entity.roles.push(role);
  }
}

/** Joins shorter forms of a person's name to the longest: منصور هادي and هادي to عبد ربه منصور هادي. */
function joinPeople(found: Map<string, Found>): void {
  const people = [...found.values()].filter((one) => one.entity.type === 'person');
  const byFamily = new Map<string, { parts: string[]; one: Found }[]>();
  for (const one of [...people].sort((a, b) => longestKey(b).length - longestKey(a).length)) {
    for (const key of one.keys) {
      const parts = key.split(' ');
      const family = parts.at(-1) as string;
      byFamily.set(family, [...(byFamily.get(family) ?? []), { parts, one }].slice(0, MAX_NAMESAKES));
    }
  }
  const byGiven = new Map<string, Found | undefined>();
  for (const one of people) {
    const [given = '', ...rest] = longestKey(one).split(' ');
    // Two of that name: nobody can be told.
    if (rest.length > 0) byGiven.set(given, byGiven.has(given) ? undefined : one);
  }
  for (const one of people) {
    if (one.known) continue;
    const parts = longestKey(one).split(' ');
    const namesakes = byFamily.get(parts.at(-1) as string) ?? [];
    // الأمير خالد after الأمير خالد بن سلطان.
    const called = parts.length === 1 ? byGiven.get(parts[0] as string) : undefined;
    const whole =
      namesakes.find((other) => other.one !== one && found.has(other.one.id) && isFormOf(parts, other.parts))?.one ??
      (called !== one ? called : undefined);
    if (whole === undefined) continue;
    whole.mentions.push(...one.mentions);
    for (const key of one.keys) whole.keys.add(key);
    for (const role of one.entity.roles) if (!whole.entity.roles.includes(role)) whole.entity.roles.push(role);
    found.delete(one.id);
  }
}

function longestKey(one: Found): string {
  const canonical = one.known?.names.ar;
  return [...one.keys].sort((a, b) => b.length - a.length)[0] ?? canonical ?? '';
}

/** A shorter form keeps the family name and leaves out others: {محمد مرسي} of {محمد محمد مرسي}. */
function isFormOf(parts: string[], whole: string[]): boolean {
  if (parts.length >= whole.length || parts.at(-1) !== whole.at(-1)) return false;
  let at = 0;
  for (const part of parts) {
    at = whole.indexOf(part, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Looks for every accepted name, and the family name of every person, in the words no name covers yet. */
function secondLook(text: string, words: Word[], found: Map<string, Found>, covered: Set<number>): void {
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
