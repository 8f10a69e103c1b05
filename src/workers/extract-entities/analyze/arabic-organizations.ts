/** Organisations in Arabic text by their head noun and the definite words that complete it: وزارة الدفاع الأمريكية. */
import { bodyExtent, isTooWeak, type Surroundings } from './arabic-body-extent.ts';
import type { Candidate } from './find-names.ts';
import { type Known, knowledge, nisbaCountry } from './knowledge.ts';
import { ORGANIZATION_HEADS, STATE_ORGANS } from './lexicon.ts';
import { lettersEnd } from './spelled-letters.ts';
import { slug } from './tables.ts';
import { offsetIn, type Word, wordSet } from './words.ts';

export function findOrganizations(text: string, words: Word[], known: Candidate[]): Candidate[] {
  const sure = known.filter((candidate) => !candidate.cautious);
  const around: Surroundings = {
    places: byFirst(sure.filter(({ type }) => type === 'location')),
    bodies: byFirst(sure.filter(({ type }) => type === 'organization')),
  };
  const found: Candidate[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    if (word.script !== 'arabic') continue;
    const letters = lettersEnd(words, at);
    // Two letters alone are as often a product or a unit.
    if (letters !== undefined) {
      if (letters - at >= 2) found.push(organization(words, at, 0, letters, 0.75));
      at = letters;
      continue;
    }
    for (const stem of word.stems) {
      if (!OPENS_BODY.has(stem.key)) continue;
      const candidate =
        stem.key === 'الوكاله'
          ? nationalAgency(words, at, stem.skip)
          : STATE_ORGANS.has(stem.key)
            ? stateOrgan(words, at, stem.skip, stem.key)
            : undefined;
      const named =
        candidate ??
        nationalForce(words, at, stem.skip, stem.key) ??
        nationalSociety(words, at, stem.skip, stem.key) ??
        (ORGANIZATION_HEADS.has(stem.key) ? afterHead(text, words, at, stem.skip, stem.key, around) : undefined);
      if (named === undefined) continue;
      found.push(named);
      break;
    }
  }
  return found;
}

const FORCES = wordSet('الدرك الحرس الجيش الحشد');
const RED_SOCIETIES = wordSet('الصليب الهلال');
/** Whatever may begin the name of a body: most words do not. */
const OPENS_BODY = new Set(['الوكاله', ...STATE_ORGANS.keys(), ...FORCES, ...RED_SOCIETIES, ...ORGANIZATION_HEADS]);

const byFirst = (candidates: Candidate[]): Map<number, Candidate> =>
  new Map(candidates.map((candidate) => [candidate.first, candidate]));

function organization(
  words: Word[],
  first: number,
  skip: number,
  last: number,
  confidence: number,
  extra: Partial<Candidate> = {},
): Candidate {
  const word = words[first] as Word;
  const keys = words.slice(first, last + 1).map((part) => part.key);
  keys[0] = word.key.slice(skip).replace(/^لل?/, (lams) => (lams === 'لل' ? 'ال' : lams));
  return {
    first,
    last,
    start: offsetIn(word, skip),
    end: (words[last] as Word).end,
    type: 'organization',
    key: keys.join(' '),
    senses: [],
    source: 'rule',
    confidence,
    ...extra,
  };
}

/** In وزير الخارجية the ministry is part of the office. */
const AFTER_MINISTER = /^[وفبل]?(?:ال)?(?:وزير|وزيره|وزراء|لوزير|لوزيره|نظيره|نظيرته)$/;

/** الحكومة اليمنية، الجيش السوري، القوات المسلحة المصرية: an organ named by its nation. */
function stateOrgan(words: Word[], at: number, skip: number, key: string): Candidate | undefined {
  const next = words[at + 1];
  if (next === undefined || next.gap !== ' ' || !next.key.startsWith('ال')) return undefined;
  const country = nisbaCountry(next.key);
  const [organ, english] = STATE_ORGANS.get(key) ?? ['', ''];
  if (country === undefined || AFTER_MINISTER.test(words[at - 1]?.key ?? '')) return undefined;
  // وزير الخارجية الروسي is a man: the adjective agrees with the organ it belongs to.
  if (/(?:ه|ات)$/.test(key) !== next.key.endsWith('ه')) return undefined;
  return organization(words, at, skip, at + 1, 0.8, { country, pattern: organOf(country, organ, english) });
}

/** الصليب الأحمر اللبناني is not the International Committee. */
function nationalSociety(words: Word[], at: number, skip: number, key: string): Candidate | undefined {
  const [red, nation] = [words[at + 1], words[at + 2]];
  if (!RED_SOCIETIES.has(key) || red?.key !== 'الاحمر' || nation?.gap !== ' ' || !/^ال.*ي$/.test(nation.key))
    return undefined;
  const country = nisbaCountry(nation.key);
  return country === undefined ? undefined : organization(words, at, skip, at + 2, 0.97, { country });
}

/** الدرك الوطني, الجيش الوطني السوري, الحرس الجمهوري: a force by its adjective, with the nation if it is given. */
function nationalForce(words: Word[], at: number, skip: number, key: string): Candidate | undefined {
  if (!FORCES.has(key)) return undefined;
  const quality = words[at + 1];
  if (quality?.gap !== ' ' || !/^ال(?:وطني|ثوري|جمهوري|ملكي|شعبي|حر)$/.test(quality.key)) return undefined;
  const nation = words[at + 2];
  const country = nation?.gap === ' ' && /^ال.*ي$/.test(nation.key) ? nisbaCountry(nation.key) : undefined;
  return organization(words, at, skip, country ? at + 2 : at + 1, 0.8, country ? { country } : {});
}

function organOf(country: string, organ: string, english: string): { id: string; english: string; country: string } {
  const name = knowledge().byId.get(`country:${country}`)?.names.en ?? country;
  return { id: `org:${country.toLowerCase()}-${organ}`, english: `${english} of ${name}`, country };
}

/** The English name and slug of a ministry from its folded subject, if that is one we know. */
function ministryOf(subject: string): [slug: string, english: string] | undefined {
  const english = knowledge().portfolios.get(subject.replace('شيون', 'شوون'));
  return english === undefined ? undefined : [`ministry-of-${slug(english)}`, `Ministry of ${english}`];
}

function afterHead(
  text: string,
  words: Word[],
  at: number,
  skip: number,
  head: string,
  around: Surroundings,
): Candidate | undefined {
  const extent = bodyExtent(text, words, at, head, around);
  if (extent === undefined) return undefined;
  const { last, anchored, country, subject, inner } = extent;
  if (head === 'وزاره') {
    const ministry = ministryOf(subject.join(' ')) ?? ministryOf(subject[0] ?? '');
    if (ministry === undefined && !anchored) return undefined;
    const pattern = ministry ? { id: ministry[0], english: ministry[1] } : undefined;
    return organization(words, at, skip, last, 0.9, {
      ...(country ? { country } : {}),
      ...(pattern ? { pattern: country ? organOf(country, pattern.id, pattern.english) : pattern } : {}),
    });
  }
  if (isTooWeak(head, extent)) return undefined;
  return organization(words, at, skip, last, anchored ? 0.8 : 0.6, {
    ...(country ? { country } : {}),
    // As sure as the name inside: it is longer and says the same.
    ...(inner && inner.last === last ? { senses: inner.senses, source: 'known' as const } : {}),
  });
}

/** الوكالة اليمنية is Yemen's news agency, if the text names that one elsewhere. */
function nationalAgency(words: Word[], at: number, skip: number): Candidate | undefined {
  const next = words[at + 1];
  const country = next?.gap === ' ' && next.key.startsWith('ال') ? nisbaCountry(next.key) : undefined;
  const known = country ? agencyOf(country) : undefined;
  return known && organization(words, at, skip, at + 1, 0.8, { senses: [known], cautious: true });
}

/** The news agency of a country among what we know. */
function agencyOf(country: string): Known | undefined {
  for (const known of knowledge().byId.values()) if (known.kind === 'agency' && known.country === country) return known;
  return undefined;
}
