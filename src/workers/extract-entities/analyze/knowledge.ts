/**
 * What Khabar knows by itself: states, places, bodies and people, with stable ids, from `data/knowledge`.
 * The files are read once, at the first use; every name is filed under its first folded word, so that finding names costs
 * one lookup per word of the text.
 */
import type { EntityType } from '../../../shared/model.ts';
import { remembering } from '../remembering.ts';
import { bare, isArabic, keysOf, list, read, rows, slug, tagged } from './tables.ts';
import { WorldPlaces } from './world-places.ts';

export interface Known {
  id: string;
  type: EntityType;
  /** country, admin1, city, region, agency, ministry, armed-group, party, company, … */
  kind: string;
  names: Record<string, string>;
  country?: string;
  lat?: number;
  lon?: number;
  population?: number;
  /** The office a person is best known for. */
  role?: string;
}

/** A name as it is written: the folded words after the first, and whom it may mean. */
export interface Phrase {
  rest: string[];
  known: Known;
  /** Written in capitals (UN, IS): matched only as such. */
  capitals: boolean;
  /** Also an ordinary word: needs a reason (see find-names.ts). */
  cautious: boolean;
  /** Names of one language that mean something else in another (Persian مراکش is Morocco): matched in that language only. */
  languages?: string[];
}

export interface Knowledge {
  byId: Map<string, Known>;
  /** Names that may be matched wherever they stand, by first folded word; longest first. */
  phrases: Map<string, Phrase[]>;
  /** Folded nisba stem or demonym → country code. */
  nisba: Map<string, string>;
  /** All places of the world list by folded name; far too many and too ambiguous to match without a reason. */
  places: WorldPlaces;
  /** Folded Arabic given name → its usual Latin spelling. */
  givenNames: Map<string, string>;
  /** Family names of famous people, which stand alone in the news. */
  surnames: Map<string, Known>;
  /** Everybody we know by the last word of the Arabic name: whom الرئيس هادي means the country tells. */
  families: Map<string, Known[]>;
  /** Newspapers, channels and agencies by their folded names without the word that says what they are (صحيفة الشرق الأوسط). */
  outlets: Map<string, Known>;
  /** Folded Arabic words that newswire writes often and hardly ever inside a name. */
  common: Set<string>;
  /** Folded subject of a ministry (الدفاع) → its English name. */
  portfolios: Map<string, string>;
}

let loaded: Knowledge | undefined;

export function knowledge(): Knowledge {
  loaded ??= load();
  return loaded;
}

function load(): Knowledge {
  const places = new WorldPlaces(read('cities.tsv'));
  const built: Knowledge = {
    byId: new Map(),
    phrases: new Map(),
    nisba: new Map(),
    places,
    givenNames: new Map(),
    surnames: new Map(),
    families: new Map(),
    outlets: new Map(),
    common: new Set(read('common-words.ar.txt').split('\n')),
    portfolios: new Map(),
  };
  loadStates(built);
  loadCapitals(built, places);
  loadDivisions(built, places);
  loadNamed(built, 'organizations.tsv', 'organization', 'org');
  loadNamed(built, 'clubs.tsv', 'organization', 'org');
  loadNamed(built, 'people.tsv', 'person', 'person');
  loadNamed(built, 'regions.tsv', 'location', 'region');
  for (const [id = '', arabic] of rows('spellings.tsv')) {
    const known = built.byId.get(id);
    if (known === undefined) throw new Error(`spellings.tsv names ${id}, which no other table holds`);
    for (const name of list(arabic)) addName(built, known, name);
  }
  for (const [arabic, latin] of rows('given-names.tsv')) {
    for (const name of list(arabic)) built.givenNames.set(keysOf(name).join(''), latin ?? '');
  }
  for (const [arabic, english] of rows('ministries.tsv')) {
    for (const name of list(arabic))
      built.portfolios.set(keysOf(name).join(' ').replace('شيون', 'شوون'), english ?? '');
  }
  for (const phrases of built.phrases.values()) phrases.sort((a, b) => b.rest.length - a.rest.length);
  return built;
}

/** A name that ends in `?` in the data is also an ordinary word. */
function addName(built: Knowledge, known: Known, marked: string, language?: string): void {
  const cautious = marked.endsWith('?');
  const name = bare(marked);
  const [first, ...rest] = keysOf(name);
  if (first === undefined) return;
  const filed = built.phrases.get(first) ?? [];
  const same = filed.find((phrase) => phrase.known === known && phrase.rest.join(' ') === rest.join(' '));
  if (same) {
    if (language === undefined) delete same.languages;
    else same.languages?.push(language);
    return;
  }
  const capitals = /^[A-Z.&]{2,}$/.test(name);
  filed.push({ rest, known, capitals, cautious, ...(language ? { languages: [language] } : {}) });
  built.phrases.set(first, filed);
}

function add(built: Knowledge, known: Known, names: string[]): void {
  built.byId.set(known.id, known);
  for (const name of names) addName(built, known, name);
}

/** Languages whose country names are words or other places in the larger ones. */
const MINOR = new Set(['fa', 'ur', 'ckb', 'tr', 'it', 'pt', 'id']);

function loadStates(built: Knowledge): void {
  const territories = JSON.parse(read('territories.json')) as Record<string, Record<string, string>>;
  const curated = new Map(rows('states.tsv').map((row) => [row[0], row]));
  for (const [code, cldr] of Object.entries(territories)) {
    const [, arabic, nisba, demonyms, more] = curated.get(code) ?? [];
    const names = { ...cldr };
    const arabicNames = list(arabic);
    const marked = new Set(arabicNames.filter((name) => name.endsWith('?')));
    const aliases: string[] = [];
    const known: Known = { id: `country:${code}`, type: 'location', kind: 'country', names, country: code };
    for (const [language, name] of Object.entries(cldr)) {
      if (/[()[\]]/.test(name)) continue;
      const whole = marked.has(`${name}?`) ? `${name}?` : name;
      if (MINOR.has(language)) addName(built, known, whole, language);
      else aliases.push(whole);
    }
    aliases.push(...arabicNames);
    for (const entry of (more ?? '').split(';').filter(Boolean)) aliases.push(tagged(entry)[1]);
    // CLDR puts a qualification in brackets or a historical form first: the curated name is the usual one then.
    if (names.ar && /[()]/.test(names.ar)) names.ar = arabicNames[0] ?? names.ar.replace(/ *\(.*\)/, '');
    add(built, known, aliases);
    const stems = list(nisba).map((word) => keysOf(word));
    for (const stem of stems) built.nisba.set(stem.join(' '), code);
    for (const word of list(demonyms)) built.nisba.set(keysOf(word).join(' '), code);
  }
}

function loadCapitals(built: Knowledge, places: WorldPlaces): void {
  for (const [country = '', arabic, latin, geonamesId] of rows('capitals.tsv')) {
    const [first = '', ...others] = list(latin);
    const arabicNames = list(arabic);
    const place: Known = (geonamesId ? places.byGeonamesId(geonamesId) : undefined) ?? {
      id: `place:${country.toLowerCase()}-${slug(first)}`,
      type: 'location',
      kind: 'city',
      names: {},
      country,
    };
    const english = others.find((name) => tagged(name)[0] === 'en') ?? first;
    place.names = { ar: bare(arabicNames[0] ?? first), en: /[^\x20-\x7e]/.test(first) ? english : first };
    for (const [language, name] of others.map(tagged)) place.names[language] ??= name;
    add(built, place, [...arabicNames, first, ...others.map((name) => tagged(name)[1])]);
  }
}

function loadDivisions(built: Knowledge, places: WorldPlaces): void {
  for (const [country = '', arabic, latin] of rows('divisions.tsv')) {
    const [first = '', ...others] = list(latin);
    const arabicNames = list(arabic);
    const known: Known = {
      id: `admin1:${country.toLowerCase()}-${slug(first)}`,
      type: 'location',
      kind: 'admin1',
      names: { ar: arabicNames[0] ?? first, en: first },
      country,
    };
    built.byId.set(known.id, known);
    for (const name of [...arabicNames, first, ...others]) places.addDivision(name, known);
  }
}

const OUTLET_HEADS = /^(?:صحيفه|جريده|قناه|شبكه|وكاله|مجله|موقع|بوابه|تلفزيون|فضاييه)$/;

/** Columns: country, Arabic names, English and other names (the first makes the id), kind or role, family names that stand alone. */
function loadNamed(built: Knowledge, file: string, type: EntityType, prefix: string): void {
  for (const [country, arabic, latin, note, surnames] of rows(file)) {
    const arabicNames = list(arabic);
    const latinNames = list(latin).map(tagged);
    const first = latinNames[0]?.[1] ?? arabicNames[0] ?? '';
    const names: Record<string, string> = {};
    if (arabicNames[0]) names.ar = bare(arabicNames[0]);
    for (const [language, name] of latinNames) names[language] ??= bare(name);
    const known: Known = {
      id: `${prefix}:${slug(first)}`,
      type,
      kind: type === 'person' ? 'person' : (note ?? ''),
      names,
    };
    if (country) known.country = country;
    if (type === 'person' && note) known.role = note;
    add(built, known, [...arabicNames, ...latinNames.map(([, name]) => name)]);
    if (/^(?:media|agency)$/.test(known.kind)) {
      for (const name of arabicNames) {
        const [head = '', ...rest] = keysOf(bare(name));
        if (OUTLET_HEADS.test(head) && rest.length > 0) built.outlets.set(rest.join(' '), known);
      }
    }
    if (type === 'person' && names.ar) {
      const family = keysOf(names.ar).at(-1) as string;
      built.families.set(family, [...(built.families.get(family) ?? []), known]);
    }
    for (const surname of list(surnames)) {
      addName(built, known, surname);
      built.surnames.set(keysOf(surname).join(' '), known);
    }
  }
}

/** Country code of a nisba adjective or demonym in any of its forms (يمني، اليمنية، اليمنيين، Yemenis), or undefined. */
export const nisbaCountry = (key: string): string | undefined => nationOf(key).country;

const nationOf = remembering((key) => ({ country: countryCalled(key) }));

function countryCalled(key: string): string | undefined {
  const { nisba } = knowledge();
  const direct = nisba.get(key);
  if (direct) return direct;
  if (!isArabic(key)) return undefined;
  const bare = key.replace(/^(?:[وف]?(?:[بلك]?ال|لل))/, '');
  for (const form of bare === key ? [key, key.replace(/^[وفبل]/, '')] : [bare]) {
    const found = nisba.get(form) ?? nisba.get(form.replace(/(?:ه|ين|ون|ان|ات|تان|تين|و)$/, ''));
    if (found) return found;
  }
  return undefined;
}
