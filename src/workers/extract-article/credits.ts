import { readFileSync } from 'node:fs';
import { agencyOf } from './agencies.ts';
import { clean } from './page-facts.ts';
import { fold, matchPhrase } from './phrases.ts';

/** data/credits.json, folded. */
interface CreditWords {
  /** Words that introduce the author of a text. */
  author: ReadonlySet<string>;
  /** And those that introduce people who did something else. */
  other: ReadonlySet<string>;
  /** Callings of journalists that stand beside a name. */
  roles: ReadonlySet<string>;
  /** What stands before such a calling and is no name either. */
  modifiers: ReadonlySet<string>;
  /** Words of newsrooms, offices and other callings: a credit with one of them names no person. */
  impersonal: ReadonlySet<string>;
  /** Arabic given names and surnames that begin with waw, which is "and" before any other word. */
  waw: ReadonlySet<string>;
}

let words: CreditWords | undefined;
let cities: ReadonlySet<string> | undefined;

function load(): CreditWords {
  const lists = JSON.parse(readFileSync(new URL('../../../data/credits.json', import.meta.url), 'utf8')) as Record<
    keyof CreditWords,
    string[]
  >;
  return Object.fromEntries(
    Object.entries(lists).map(([kind, list]) => [kind, new Set(list.map(fold))]),
  ) as unknown as CreditWords;
}

function creditWords(): CreditWords {
  words ??= load();
  return words;
}

/** Whether a part of a credit is the place it was written at: capitals and the larger Arab cities. */
function isCity(folded: string): boolean {
  if (!cities) {
    const table = readFileSync(new URL('../../../data/knowledge/capitals.tsv', import.meta.url), 'utf8');
    const names = new Set<string>();
    for (const line of table.split('\n')) {
      if (line.startsWith('#')) continue;
      const [, arabic = '', latin = ''] = line.split('\t');
      for (const name of `${arabic}|${latin}`.split('|')) names.add(fold(name.replace(/^[a-z]{2}:|\?$/g, '')));
    }
    names.delete('');
    cities = names;
  }
  return cities.has(folded);
}

/** Code units of the folded text that the longest introduction it begins with covers; 0 for none. At most five words. */
function introduction(folded: string, list: ReadonlySet<string>): number {
  let best = 0;
  let end = folded.indexOf(' ');
  for (let n = 0; n < 5; n++) {
    const stop = end < 0 ? folded.length : end;
    if (list.has(folded.slice(0, stop))) best = stop;
    if (end < 0) break;
    end = folded.indexOf(' ', end + 1);
  }
  return best;
}

/** Whether a line begins with words such as "By", "Von" or "بقلم" and has more behind them. `folded` is the text, folded. */
export function isIntroduced(text: string, folded: string): boolean {
  const unglued = unglue(text);
  const words = unglued === text ? folded : fold(unglued);
  const length = introduction(words, creditWords().author);
  return length > 0 && length < words.length;
}

/** Whether a line, folded, credits reviewers, photographers, translators or sources. */
export function creditsOthers(folded: string): boolean {
  return introduction(folded, creditWords().other) > 0;
}

/** "ByRima Said", as themes write that set the space with a style. */
function unglue(text: string): string {
  return text.replace(/^\s*([Bb]y|Von|Par|Por)(?=\p{Lu}\p{Ll})/u, '$1 ');
}

/** Whether a credit is the name of the site itself. */
export function isSiteName(name: string, sites: Set<string>): boolean {
  const folded = fold(name);
  if (sites.has(folded)) return true;
  const joined = folded.replaceAll(' ', '');
  for (const site of sites) {
    const other = site.replaceAll(' ', '');
    if (other.length > 3 && (joined === other || (other.length > 5 && joined.includes(other)))) return true;
  }
  return false;
}

/** Whether a cleaned credit names a person: not the site, a newsroom, a calling or the name of an account. */
export function isPerson(name: string, sites: Set<string>): boolean {
  if (isSiteName(name, sites)) return false;
  if (!/\s/.test(name) && /^[a-z][a-z_.-]*$/.test(name)) return false;
  const { impersonal, roles, modifiers } = creditWords();
  const parts = fold(name).split(' ');
  return !parts.some((w) => impersonal.has(w) || roles.has(w)) && !parts.every((w) => modifiers.has(w));
}

const NAME_SUFFIX = /,?\s+(?:jr|sr|ph\.?d|m\.?d|i{2,3}|esq)\.?$/i;
const PARTICLES =
  /^(?:de|del|della|di|da|do|dos|das|du|d|la|le|van|von|der|den|ten|ter|zu|bin|ben|ibn|al|el|y|e|i|af|av|o|mac|st)$/i;

/**
 * Whether an unmarked text has the form of a person's name: two to four words, in scripts with capitals each with one, no sentence
 * and no stock phrase.
 */
export function looksLikeName(credit: string): boolean {
  const text = credit.replace(NAME_SUFFIX, '');
  if (text.length < 4 || text.length > 40 || !NAME.test(text)) return false;
  const parts = text.split(/\s+/);
  const cased = /\p{Lu}|\p{Ll}/u.test(text);
  if (cased && !parts.every((p) => PARTICLES.test(p) || /^\p{Lu}/u.test(p))) return false;
  if (cased && parts.every((p) => p === p.toUpperCase() && p.length > 1) && parts.length < 2) return false;
  const folded = fold(text);
  return (
    !/^(?:the|a|an|our|die|der|das|le|la|les|el|los)\s/i.test(text) &&
    matchPhrase(folded) === undefined &&
    !isCity(folded)
  );
}

/** Two to four words of letters. */
export const NAME = /^\p{L}[\p{L}\p{M}'’.-]*(?:\s+\p{L}[\p{L}\p{M}'’.-]*){1,3}$/u;

/** "And" and "with" of many languages; what is one letter in small letters only, as initials are not. */
const SEPARATOR =
  /\s*(?:[;|/／،·•⋅、+]|,(?!\s*(?:[JjSs]r|[Pp][Hh]\.?[Dd]|[Mm]\.?[Dd]|[Ii]{2,3}|[Ee]sq)\b)|\s&\s|\s(?:and|And|AND|und|UND|et|ET|y|e|i|og|och|en|и|і|та|ve|và|dan|و|اور|with|avec|mit)\s)\s*/u;
/** Between a name and a place or an agency. In Arabic script without spaces too, where no name has a hyphen; a colon stands behind a place. */
const DASH = /\s[-–—ـ]\s|(?<=\p{Script=Arabic})\s?[-–—]\s?(?=\p{Script=Arabic})|(?<=\p{L})\s?[:：]\s/u;
/** A date at the end of a line, from its weekday, month or first figure on. */
const DATE_TAIL = /\s+(?:(?:\p{L}{3,},\s+)?\p{L}{3,}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{2}.*|[\d٠-٩۰-۹].*)$/u;
const FIGURE = /[\d٠-٩۰-۹]/;
/** What follows a name and is no part of it. */
const AFTER_NAME =
  /\s+(?:[-–—|]\s|\(|(?:updated|published|posted|last|on|in|at|für|for|aus|à|en|em)\b|(?:من|في|از|در)\s).*$|(?<=\p{L}{3})(?<!\b(?:prof|dipl|univ))\.\s.*$|\s*(?:https?:|@).*$/iu;
/** Degrees and memberships behind a name. */
const DEGREE = /^(?:ph\.?\s?d|m\.?d|m\.?ph|m\.?sc|b\.?sc|m\.?a|b\.?a|dds|esq|(?:\p{Lu}\.?){2,6})\.?$/u;
const QUOTED = /^["'«“„‘]|["'»”’]$/u;

const MAIL_ADDRESS = /[^\s(<[]+@[^\s)>\]]+\.\p{L}+/gu;

/** Pages that repeat a credit more often are broken. */
const MAX_LINES = 100;

/** Splits and cleans credit lines; addresses, template leftovers, sentences, labels and other people's credits are dropped. */
export function cleanAuthors(lines: string[], sites: Set<string>): string[] {
  const names = new Map<string, string>();
  for (const line of lines.slice(0, MAX_LINES)) {
    if (line.length > 300 || /^\s*(?:https?:|www\.|\/)|developed by/i.test(line)) continue;
    for (const name of namesIn(line, sites)) {
      const folded = fold(name);
      if (!names.has(folded)) names.set(folded, name);
    }
  }
  return [...names.values()];
}

/** The names a line credits. Degrees and callings are dropped beside a name, and kept where they are all there is. */
function namesIn(line: string, sites: Set<string>): string[] {
  const whole = bareCredit(line);
  const credit = withoutIntroduction(whole);
  const rest = withoutDate(credit);
  // "Jul 3" is a date, not a name with a figure behind it.
  if (rest !== credit && credit === whole && !rest.includes(' ')) return [];
  const found: string[] = [];
  const proper: string[] = [];
  for (const part of rest.split(SEPARATOR)) {
    for (const piece of splitAtWaw(/[:：]/.test(part) ? withoutIntroduction(part) : part)) {
      const name = ofDashed(piece, sites);
      if (!isCredit(name, sites)) continue;
      found.push(name);
      if (agencyOf(name) !== undefined || (!DEGREE.test(name) && isPerson(name, sites))) proper.push(name);
    }
  }
  return proper.length > 0 ? proper : found;
}

/** A credit line without mail addresses, signs before it and the slash behind an Arabic title. */
function bareCredit(line: string): string {
  const text = clean(line.includes('@') ? line.replace(MAIL_ADDRESS, ' ') : line);
  const bare = unglue(text.replace(/^[\s:|–—-]+/, ''));
  return bare.includes('/') ? bare.replace(ARABIC_TITLE, '$1$2 ') : bare;
}

function withoutDate(credit: string): string {
  return FIGURE.test(credit) ? ` ${credit}`.replace(DATE_TAIL, '').trim() : credit.trim();
}

/** What a credit says behind "By", "بقلم:" or a date's label; nothing when it is someone else's, such as the photographer's. */
function withoutIntroduction(credit: string): string {
  const { author, other, roles, modifiers } = creditWords();
  const isCalling = (folded: string) => roles.has(folded) || modifiers.has(folded);
  let rest = credit;
  for (let round = 0; round < 3; round++) {
    const folded = fold(rest);
    if (introduction(folded, other) > 0) return '';
    const length = introduction(folded, author);
    const phrase = length > 0 ? undefined : matchPhrase(folded);
    const isLabel =
      (phrase?.kind === 'byline' || phrase?.kind === 'date') &&
      !phrase.whole &&
      !isCalling(folded.slice(0, phrase.length));
    if ((length === 0 || length === folded.length) && !isLabel) break;
    rest = dropFolded(rest, length || (phrase?.length as number));
  }
  return rest.replace(PLACE_BEFORE, '');
}

/** "مراسلنا في القاهرة: فلان" has the place between the introduction and the name. */
const PLACE_BEFORE = /^(?:في|من|in|aus|à|en|из)\s[^:：]{2,40}[:：]\s*/u;
/** A title parted from its name by a slash. */
const ARABIC_TITLE = /(^|\s)(الدكتورة?|دكتورة?|د|م|أ|أ\.د|المهندسة?|الأستاذة?)\s*\/\s*/gu;

/** Of "city – name", "name – city" and "name – newspaper" the name. */
function ofDashed(part: string, sites: Set<string>): string {
  const pieces: string[] = [];
  const people: string[] = [];
  for (const split of part.split(DASH)) {
    const piece = withoutCalling(trimmed(split));
    if (piece === '') continue;
    pieces.push(piece);
    const folded = fold(piece);
    if (!isCity(folded) && !QUOTED.test(piece) && !creditsOthers(folded) && isPerson(piece, sites)) people.push(piece);
  }
  return people.find(looksLikeName) ?? people[0] ?? pieces[0] ?? '';
}

function trimmed(piece: string): string {
  return piece
    .replace(/^\s*\(([^()]+)\)\s*$/u, '$1')
    .replace(AFTER_NAME, '')
    .replace(/^[\s:.،–—_-]+|[\s:،–—*_-]+$/gu, '');
}

/** Without the calling before the name ("الكاتب فلان"), or the calling or agency behind it ("Jane Roe Senior Reporter"). */
function withoutCalling(name: string): string {
  const { roles, modifiers } = creditWords();
  const parts = name.split(' ');
  const isRole = (word: string | undefined) => {
    const folded = fold(word ?? '');
    return roles.has(folded) || roles.has(folded.replace(/^ال/, ''));
  };
  if (isRole(parts[0]) && parts.length >= 3 && parts.length <= 5 && !/^ال/.test(parts[1] as string))
    return parts.slice(1).join(' ');
  if (parts.length === 2 && isRole(parts[1]) && EAST_ASIAN_NAME.test(parts[0] as string)) return parts[0] as string;
  for (let n = 1; n <= 3 && parts.length - n >= 2; n++)
    if (agencyOf(parts.slice(-n).join(' ')) !== undefined) return parts.slice(0, -n).join(' ');
  const at = parts.findIndex(isRole);
  if (at < 2) return name;
  let end = at;
  while (end > 2 && modifiers.has(fold(parts[end - 1] as string))) end--;
  const rest = parts.slice(0, end);
  return end <= 4 && !rest.some((w) => modifiers.has(fold(w))) ? rest.join(' ') : name;
}

const EAST_ASIAN_NAME = /^(?:\p{Script=Hangul}|\p{Script=Han}){2,4}$/u;

/** Arabic writes "and" as one letter of the second name: فلان الفلاني وفلان الفلاني. */
function splitAtWaw(part: string): string[] {
  const parts = part.split(/\s+/);
  for (let i = 2; i < parts.length - 1; i++) {
    const word = parts[i] as string;
    if (/^و\p{Script=Arabic}{2,}/u.test(word) && !creditWords().waw.has(fold(word)))
      return [parts.slice(0, i).join(' '), ...splitAtWaw([word.slice(1), ...parts.slice(i + 1)].join(' '))];
  }
  return [part];
}

/** Accounts of the people who run a site's software. */
const ACCOUNT = /^(?:\w*admin|administrator|webmaster|root|user|author|guest)$/i;

/** What is left of "name, at a place" and of "name／reported from a place". */
const PLACE_ALONE = /^(?:à|en|em|in|aus|da|de|do|из|в|من|في|از)\s/u;
const FILED_FROM = /(?:報導|报道|報道)$/u;

function isCredit(name: string, sites: Set<string>): boolean {
  const folded = fold(name);
  if (folded.length < 2 || folded.length > 50 || folded.split(' ').length > 6) return false;
  if (ACCOUNT.test(name)) return false;
  if (/\d/.test(name) || /^[a-z]+(?:\.[a-z]+){2,}$|[!?]|\.$(?<!\b\p{L}{1,3}\.)/u.test(name)) return false;
  if (isCity(folded) && !sites.has(folded)) return false;
  if (PLACE_ALONE.test(name) || FILED_FROM.test(name)) return false;
  return !matchPhrase(folded)?.whole || sites.has(folded) || agencyOf(name) !== undefined;
}

/** Removes as many leading code units as fold into the first `length` folded ones. */
function dropFolded(text: string, length: number): string {
  for (let end = 1; end <= text.length; end++) {
    const isWord =
      /[\p{L}\p{M}]/u.test(text[end] ?? ' ') && !/[\p{Script=Han}\p{Script=Hangul}]/u.test(text[end - 1] as string);
    if (fold(text.slice(0, end)).length >= length && !isWord) {
      return text.slice(end).replace(/^[\s:：،,./／・|–—-]+/, '');
    }
  }
  return text;
}
