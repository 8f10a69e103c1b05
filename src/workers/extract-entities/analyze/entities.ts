/**
 * The document pass: from candidate names to entities. Overlaps are settled, namesakes told apart by the countries the text
 * speaks of, surnames joined to full names, names found once looked for everywhere, and every name gets one type and one id.
 */
import type { Entity, Span } from '../../../shared/model.ts';
import { type Alias, findAliases } from './bracketed-aliases.ts';
import { bestSense, type Candidate, placeHasReason } from './find-names.ts';
import type { Found } from './found.ts';
import { joinPeople } from './join-people.ts';
import type { Known } from './knowledge.ts';
import { calledLater } from './latin-bodies.ts';
import { ORGANIZATION_HEADS, PARTICLES, TITLES } from './lexicon.ts';
import { provisionalId, romanize } from './romanize.ts';
import { secondLook } from './second-look.ts';
import { isSport } from './sport.ts';
import type { Word } from './words.ts';

const MAX_OFFICE_WORDS = 8;

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
