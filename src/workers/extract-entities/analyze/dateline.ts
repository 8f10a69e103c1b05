/**
 * The dateline that opens a report: places, then the agency, then a dash or colon.
 * `صنعاء، اليمن (CNN) --`, `القاهرة - رويترز`, `دبي (أ ف ب) -`, `CAIRO (AP) —`, `PARIS, 3 mai (Reuters) -`, `MADRID (EFE).-`.
 */
import type { Dateline } from '../../../shared/model.ts';
import { HIJRI_MONTHS, MONTHS } from './date-words.ts';
import { type Candidate, findKnown } from './find-names.ts';
import { type Known, knowledge } from './knowledge.ts';
import { NOT_PLACES } from './lexicon.ts';
import { outletNamed } from './outlets.ts';
import { offsetIn, type Word, wordsOf } from './words.ts';

/** A dateline is over after this many characters. */
const MAX_LENGTH = 140;
const DASH = /[ \u00a0]*(?:-{1,3}|[–—―])[ \u00a0]*|[ \u00a0]*[:：][ \u00a0]+|[.．][ \u00a0]?[-–—][ \u00a0]*/g;

export interface FoundDateline extends Dateline {
  /** Where names in it were found. */
  agencySpan?: { start: number; end: number };
}

/** The dateline at the head of the text; `places` are names as written. */
export function findDateline(text: string): FoundDateline | undefined {
  const start = text.search(/\S/);
  if (start < 0) return undefined;
  const line = text.slice(start, start + MAX_LENGTH).split('\n', 1)[0] as string;
  const framed = framedDateline(text, line, start);
  if (framed) return framed;
  for (const dash of line.matchAll(DASH)) {
    // A hyphen inside a name (Deir-Ezzor) parts nothing.
    const bare = dash[0].trim();
    if (bare === '-' && dash[0].length === 1) continue;
    const head = line.slice(0, dash.index);
    if (head.trim() === '') return undefined;
    const colon = bare.startsWith(':');
    const found = read(head, start, colon);
    if (found) {
      let end = start + dash.index + dash[0].trimEnd().length;
      // القاهرة - رويترز - and دبي - (أ ف ب): the agency may stand behind the dash.
      const after = found.agency ? undefined : agencyAfter(text, end);
      if (after) {
        found.agency = after.name;
        found.agencySpan = after.span;
        end = after.end;
      }
      if (colon && !found.agency) return undefined;
      return { ...found, text: text.slice(start, end), start, end };
    }
  }
  return undefined;
}

/** `الدوحة في 5 مايو /قنا/ …` and, on a line of its own, `جدة 14 رمضان 1445 هـ الموافق 24 مارس 2024 م واس`. */
function framedDateline(text: string, line: string, start: number): FoundDateline | undefined {
  const slashed = /^[^/\n]{2,60}\/ ?[^/\n]{2,20}?\/(?=\s|$)/.exec(line)?.[0];
  const whole = text.charAt(start + line.length) === '\n' && line.length < MAX_LENGTH ? line.trimEnd() : undefined;
  for (const head of [slashed, whole]) {
    const found = head === undefined ? undefined : read(head, start, false);
    if (head && found?.agencySpan && found.places.length > 0 && found.agencySpan.end >= start + head.length - 2)
      return { ...found, text: head, start, end: start + head.length };
  }
  return undefined;
}

const isAgency = (known: Known): boolean => known.kind === 'agency' || known.kind === 'media';

function read(head: string, offset: number, colon: boolean): FoundDateline | undefined {
  const words = wordsOf(head);
  if (words.length === 0 || words.length > 14) return undefined;
  const known = findKnown(head, words).filter((candidate) => candidate.type !== 'person');
  const upper = colon ? [] : findKnown(titled(head), wordsOf(titled(head)));
  const all = [...known, ...upper.filter((candidate) => !known.some((other) => other.start === candidate.start))];
  // السعودية inside المملكة العربية السعودية is no second place.
  const candidates = all.filter(
    (one) =>
      !all.some(
        (other) =>
          other.type === one.type &&
          other.first <= one.first &&
          other.last >= one.last &&
          other.last - other.first > one.last - one.first,
      ),
  );
  const listed = candidates.length === 0 || candidates[0]?.first !== 0 ? listedPlace(words) : undefined;
  if (listed && !candidates.some((candidate) => candidate.first <= listed.last)) candidates.unshift(listed);
  const agency = candidates.find((candidate) => candidate.senses.some(isAgency));
  const bracketed = /[([/] ?([^)\]/]{2,30}?) ?[)\]/]\s*$/.exec(head);
  const inBrackets = bracketed ? head.length - bracketed[0].length : Number.POSITIVE_INFINITY;
  const places = candidates
    .filter((candidate) => candidate.type === 'location' && candidate.start < inBrackets)
    .sort((a, b) => a.start - b.start);
  const name = agency ? head.slice(agency.start, agency.end) : bracketed?.[1];
  if (places.length === 0 && !(agency && bracketed)) return undefined;
  // Nothing else than names, dates and small words may stand in a dateline.
  const covered = new Set<number>();
  for (const candidate of candidates) for (let at = candidate.first; at <= candidate.last; at++) covered.add(at);
  const others = words.filter(
    (word, index) =>
      !covered.has(index) &&
      word.start < inBrackets &&
      word.script !== 'number' &&
      !DATE_WORD.test(word.key) &&
      !MONTHS.has(word.key) &&
      !HIJRI_MONTHS.has(word.key),
  );
  const commas = /^[^،,]*[،,]/.test(head);
  if (others.length > (bracketed || commas ? 2 : 0)) return undefined;
  const found: FoundDateline = {
    text: head,
    start: 0,
    end: 0,
    places: places.map((candidate) => head.slice(candidate.start, candidate.end)),
  };
  // An unlisted town before the country: "زنجبار، اليمن" reads as two places all the same.
  if (others.length > 0 && commas) {
    const town = head
      .slice((words[0] as (typeof words)[number]).start)
      .split(/[،,(]/, 1)[0]
      ?.trim();
    if (town && !found.places.includes(town) && !/\d/.test(town)) found.places.unshift(town);
  }
  if (name) {
    found.agency = name.trim();
    const at = head.indexOf(name);
    found.agencySpan = { start: offset + at, end: offset + at + name.length };
  }
  return found;
}

/**
 * The places of a dateline as names: where they stand in it and, when they have more than one word, wherever the text has them. What
 * opens a report is a place, though it may look like a person: بندر عباس.
 */
export function datelinePlaces({ places, end }: FoundDateline, words: Word[]): Candidate[] {
  return places.flatMap((place) => {
    const keys = wordsOf(place).map((word) => word.key);
    const key = keys.join(' ');
    const senses = knowledge().places.get(key) ?? [];
    const found: Candidate[] = [];
    for (let first = 0; first + keys.length <= words.length; first++) {
      const word = words[first] as Word;
      if (keys.length === 1 && word.start >= end) break;
      const stem = word.stems.find((one) => one.key === keys[0]);
      if (!stem || !keys.every((one, i) => i === 0 || words[first + i]?.key === one)) continue;
      const last = first + keys.length - 1;
      found.push({
        first,
        last,
        start: offsetIn(word, stem.skip),
        end: (words[last] as Word).end,
        type: 'location',
        key,
        senses,
        source: 'place',
        confidence: 0.95,
      });
    }
    return found;
  });
}

/** A town of the world list that opens the line. */
function listedPlace(words: Word[]): Candidate | undefined {
  for (let length = Math.min(3, words.length); length >= 1; length--) {
    const part = words.slice(0, length);
    const key = part.map((word) => word.key).join(' ');
    const senses = NOT_PLACES.has(key) || knowledge().common.has(key) ? undefined : knowledge().places.get(key);
    const [first, last] = [part[0] as Word, part[length - 1] as Word];
    if (senses)
      return {
        first: 0,
        last: length - 1,
        start: first.start,
        end: last.end,
        type: 'location',
        key,
        senses,
        source: 'place',
        confidence: 0.7,
      };
  }
  return undefined;
}

const DATE_WORD =
  /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|juin|juillet|abril|mayo|enero|janvier|fevrier|mars|avril|aout)|^(?:و|في|من|خاص|الموافق|ه|م|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت|مراسل|مكتب|وكالات|الوكالات|agencies|agences|agencias|and|et|y)$/;

/** CAIRO as Cairo: agencies write datelines in capitals. */
function titled(head: string): string {
  return head.replace(/\p{Lu}{3,}/gu, (word) => word.charAt(0) + word.slice(1).toLowerCase());
}

function agencyAfter(
  text: string,
  from: number,
): { name: string; span: { start: number; end: number }; end: number } | undefined {
  const line = text.slice(from, from + 60).split('\n', 1)[0] as string;
  const match = /^([ \u00a0]*[(«"“]?)([^-–—:،,()«»"“”]{2,30}?)([)»"”]?[ \u00a0]*(?:-{1,2}|[–—:]|(?<=[)»"”])))/.exec(
    line,
  );
  if (!match) return undefined;
  const [, lead = '', name = '', close = ''] = match;
  const words = wordsOf(name);
  const agency = findKnown(name, words).find(
    (candidate: Candidate) =>
      candidate.senses.some(isAgency) && candidate.first === 0 && candidate.last === words.length - 1,
  );
  const outlet = agency ?? outletNamed(words.map((word) => word.key).join(' '));
  if (outlet === undefined && !/^\s*وكالات\s*$/.test(name)) return undefined;
  const start = from + lead.length;
  return {
    name: name.trim(),
    span: { start, end: start + name.length },
    end: start + name.length + close.trimEnd().length,
  };
}
