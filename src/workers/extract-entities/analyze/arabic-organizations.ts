/** Organisations in Arabic text by their head noun and the definite words that complete it: وزارة الدفاع الأمريكية. */
import type { Candidate } from './find-names.ts';
import { type Known, knowledge, nisbaCountry, slug } from './knowledge.ts';
import { NAMED_HEADS, NOT_FAMILY_NAMES, ORGANIZATION_HEADS, PARTICLES, STATE_ORGANS, WEAK_HEADS } from './lexicon.ts';
import { offsetIn, stemsOf, type Word } from './words.ts';

const MAX_WORDS = 7;
/** Definite words that begin a new thought and not the name's next word. */
const CLOSES_NAME =
  /^ال(?:ذي|تي|ذين|لذين|يوم|مشار|مذكور|مذكوره|مقبل|مقبله|ماضي|ماضيه|حالي|حاليه|تابعه?|مكلفه?|معنيه?|متواجده?|خاصه?|واقعه?|مسووله?|مختصه?|مزمع|جاريه?)$/;

const BODY_ADJECTIVE =
  /^ال(?:وطنيه?|اعلي|عليا|عام|عامه|مركزيه?|دستوريه?|اتحاديه?|شعبيه?|تشريعيه?|عسكريه?|انتقاليه?|اسلاميه?|جناييه?|استيناف|سياديه?|رياسيه?|محليه?|مستقله?|سياسيه?|دايمه?|اوليه?|اولمبيه?|خيريه?)$/;

const PURPOSE = /^(?:مكافحه|ادارة|اداره|حمايه|رعايه|تنسيق|حقوق|دعم|تنظيم|مراقبه|تنميه)$/;
const PLACED_ADJECTIVE = /^ال(?:عام|مالي|دوليه?|مركزي|وطنيه?|جامعي|تعليمي|حكومي|عسكري)$/;
/** A feminine passive participle describes the head and names nothing: قناة محفورة، شركة مملوكة للدولة، جماعة مجهولة. */
const PARTICIPLE = /^م..و.ه$/;
/** Courts that there is one of in a country. */
const HIGH_COURT = /^ال(?:عليا|دستوريه|جناييه|اتحاديه|اداريه)$/;

export function findOrganizations(text: string, words: Word[], known: Candidate[]): Candidate[] {
  const places = new Map(
    known
      .filter((candidate) => candidate.type === 'location' && !candidate.cautious)
      .map((candidate) => [candidate.first, candidate]),
  );
  const found: Candidate[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    if (word.script !== 'arabic') continue;
    for (const stem of stemsOf(word.key)) {
      const candidate =
        stem.key === 'الوكاله'
          ? nationalAgency(words, at, stem.skip)
          : STATE_ORGANS[stem.key]
            ? stateOrgan(words, at, stem.skip, stem.key)
            : undefined;
      const named =
        candidate ??
        (ORGANIZATION_HEADS.has(stem.key) ? afterHead(text, words, at, stem.skip, stem.key, places) : undefined);
      if (named === undefined) continue;
      found.push(named);
      break;
    }
  }
  return found;
}

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
  const [organ, english] = STATE_ORGANS[key] ?? ['', ''];
  if (country === undefined || AFTER_MINISTER.test(words[at - 1]?.key ?? '')) return undefined;
  // وزير الخارجية الروسي is a man: the adjective agrees with the organ it belongs to.
  if (/(?:ه|ات)$/.test(key) !== next.key.endsWith('ه')) return undefined;
  return organization(words, at, skip, at + 1, 0.8, { country, pattern: organOf(country, organ, english) });
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

/** Whether a folded subject is a ministry's, or begins one (العمل والشؤون of العمل والشؤون الاجتماعية). */
function opensPortfolio(subject: string): boolean {
  const asked = subject.replace('شيون', 'شوون');
  for (const known of knowledge().portfolios.keys()) if (known === asked || known.startsWith(`${asked} `)) return true;
  return false;
}

function afterHead(
  text: string,
  words: Word[],
  at: number,
  skip: number,
  head: string,
  places: Map<number, Candidate>,
): Candidate | undefined {
  const { common } = knowledge();
  let last = at;
  let country: string | undefined;
  let anchored = false;
  let definite = 0;
  const subject: string[] = [];
  while (last - at < MAX_WORDS) {
    const next = words[last + 1];
    if (next === undefined) break;
    const quoted = /^ ?["“«'(]$/.test(next.gap) || /^ ["“«]$/.test(next.gap);
    if (quoted && NAMED_HEADS.has(head) && last === at) {
      const closing = closingWord(text, words, last + 1);
      if (closing === undefined) break;
      last = closing;
      anchored = true;
      break;
    }
    if (!/^[ \u00a0]$/.test(next.gap)) break;
    const nation = next.key.startsWith('ال') ? nisbaCountry(next.key) : undefined;
    if (nation !== undefined) {
      country = nation;
      anchored = true;
      last++;
      // الاتحاد الأمريكي للتنس: what it is for follows the nationality.
      while (/^لل/.test(words[last + 1]?.key ?? '') && words[last + 1]?.gap === ' ') last++;
      break;
    }
    if (next.key.startsWith('ال')) {
      if (
        CLOSES_NAME.test(next.key) ||
        (NOT_FAMILY_NAMES.has(next.key) &&
          !/^ال(?:اعلي|عام|عامه|دولي|دوليه|عربي|عربيه|اسلامي|اسلاميه|امنيه|اعلاميه)$/.test(next.key))
      )
        break;
      // A definite head takes adjectives only: in طالبت المحكمة السلطات السعودية two bodies meet.
      if (head.startsWith('ال') && (definite >= 2 || !BODY_ADJECTIVE.test(next.key))) break;
      subject.push(next.key);
      definite++;
      last++;
      continue;
    }
    // وزارة التربية والتعليم: the second half of a pair we know.
    if (/^وال/.test(next.key) && head === 'وزاره' && opensPortfolio([...subject, next.key].join(' '))) {
      subject.push(next.key);
      last++;
      continue;
    }
    // هيئة الإذاعة والتلفزيون اليابانية: a pair that one nationality closes.
    const afterNext = words[last + 2];
    if (
      /^وال/.test(next.key) &&
      definite > 0 &&
      afterNext?.gap === ' ' &&
      afterNext.key.startsWith('ال') &&
      nisbaCountry(afterNext.key)
    ) {
      last++;
      continue;
    }
    // المجلس الأعلى للقوات المسلحة، جامعة الدول, منظمة التحرير: a definite adjective and what it is for.
    if (/^لل/.test(next.key) && definite > 0) {
      subject.push(next.key);
      last++;
      definite++;
      continue;
    }
    // المجلس الوطني لإدارة الكوارث.
    const object = words[last + 2];
    if (
      head.startsWith('ال') &&
      definite > 0 &&
      next.key.startsWith('ل') &&
      PURPOSE.test(next.key.slice(1)) &&
      object?.gap === ' ' &&
      object.key.startsWith('ال')
    )
      return organization(words, at, skip, last + 2, 0.8);
    const place = places.get(last + 1);
    if (place && next.gap === ' ' && last === at && place.start === next.start) {
      last = place.last;
      country = place.senses[0]?.country;
      anchored = true;
      // مستشفى بعقوبة العام، سوق دبي المالي.
      if (words[last + 1]?.gap === ' ' && PLACED_ADJECTIVE.test(words[last + 1]?.key ?? '')) last++;
      while (/^لل/.test(words[last + 1]?.key ?? '') && words[last + 1]?.gap === ' ') {
        last++;
        if (
          /^ال/.test(words[last + 1]?.key ?? '') &&
          words[last + 1]?.gap === ' ' &&
          !CLOSES_NAME.test(words[last + 1]?.key ?? '')
        )
          last++;
      }
      break;
    }
    // شؤون، حقوق: a construct inside the name.
    if (/^(?:شوون|شيون|حقوق|مكافحه|ادارة|اداره|دول|قوات|علماء|حمايه|دعم|رعايه|تنسيق|ثوار|شباب|كبار)$/.test(next.key)) {
      subject.push(next.key);
      last++;
      // هيئة مكافحة الاحتيال: what it is for, with its object, is a name.
      if (PURPOSE.test(next.key) && words[last + 1]?.gap === ' ' && /^ال.{3}/.test(words[last + 1]?.key ?? ''))
        anchored = true;
      continue;
    }
    if (
      NAMED_HEADS.has(head) &&
      last === at &&
      next.key.length >= 3 &&
      !common.has(next.key) &&
      !PARTICLES.has(next.key) &&
      !PARTICIPLE.test(next.key) &&
      nisbaCountry(next.key) === undefined &&
      !/^[وفبلك]?[بلك]?(?:ال|لل)/.test(next.key) &&
      !/^[يت]/.test(next.key)
    ) {
      last++;
      anchored = true;
      break;
    }
    break;
  }
  while (last > at && /^(?:شوون|شيون|حقوق|دول|قوات|دعم|كبار)$/.test((words[last] as Word).key)) last--;
  if (last === at) return undefined;
  if (head === 'المحكمه' && HIGH_COURT.test((words[last] as Word).key)) anchored = true;
  else if (head.startsWith('ال') && !(anchored && country)) return undefined;
  if (head === 'وزاره') {
    const ministry = ministryOf(subject.join(' ')) ?? ministryOf(subject[0] ?? '');
    if (ministry === undefined && !anchored) return undefined;
    const pattern = ministry ? { id: ministry[0], english: ministry[1] } : undefined;
    return organization(words, at, skip, last, 0.9, {
      ...(country ? { country } : {}),
      ...(pattern ? { pattern: country ? organOf(country, pattern.id, pattern.english) : pattern } : {}),
    });
  }
  if (WEAK_HEADS.has(head) && !anchored) return undefined;
  return organization(words, at, skip, last, anchored ? 0.8 : 0.6, country ? { country } : {});
}

/** The last word inside the quotation mark opened before word `from`, if it closes within five words. */
function closingWord(text: string, words: Word[], from: number): number | undefined {
  for (let index = from; index < from + 5; index++) {
    const word = words[index];
    if (word === undefined) return undefined;
    if (/^["”»')]/.test(text.slice(word.end, word.end + 1))) return index;
    if (/[.،,:\n]/.test(text.charAt(word.end))) return undefined;
  }
  return undefined;
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
