/** Who is meant by the words that name a speaker: a person or body of the text, an office held by one, or a source without a name. */
import type { Found } from './found.ts';
import { nisbaCountry } from './knowledge.ts';
import { HONORIFICS, ORGANIZATION_HEADS, TITLES } from './lexicon.ts';
import { foldWord, type Word, wordSet } from './words.ts';

export interface Speaker {
  name: string;
  entityId?: string;
  anonymous?: boolean;
  /** First word of the phrase, to look back from. */
  at: number;
}

export interface Placed {
  one: Found;
  first: number;
  last: number;
}

/** The entity of a mention as a speaker. */
export const speakerOf = ({ one, first }: Placed): Speaker => ({
  name: one.entity.name,
  entityId: one.entity.id,
  at: first,
});

/** Finds the mentions of a text by word. */
export class Mentions {
  readonly #byFirst = new Map<number, Placed>();
  #byGivenName: Map<string, Found> | undefined;
  readonly all: Placed[];
  readonly found: Found[];

  constructor(found: Found[]) {
    this.found = found;
    this.all = found
      .flatMap((one) => one.mentions.map(({ first, last }) => ({ one, first, last })))
      .sort((a, b) => a.first - b.first);
    for (const placed of this.all) this.#byFirst.set(placed.first, placed);
  }

  /** The first person of the text called so by a first name. */
  byGivenName(name: string): Found | undefined {
    if (this.#byGivenName === undefined) {
      this.#byGivenName = new Map();
      for (const one of this.found) {
        if (one.entity.type !== 'person') continue;
        for (const key of one.keys) {
          const [first = ''] = key.split(' ');
          if (first !== key && !this.#byGivenName.has(first)) this.#byGivenName.set(first, one);
        }
      }
    }
    return this.#byGivenName.get(name);
  }

  startingAt(word: number): Placed | undefined {
    return this.#byFirst.get(word);
  }

  /** Mentions wholly inside the words `from` to `to`, inclusive. */
  within(from: number, to: number): Placed[] {
    const placed: Placed[] = [];
    for (let word = from; word <= to; word++) {
      const one = this.#byFirst.get(word);
      if (one && one.last <= to) placed.push(one);
    }
    return placed;
  }

  /** The nearest mention before `word` of which `test` holds. */
  before(word: number, test: (one: Found) => boolean): Found | undefined {
    let low = 0;
    let high = this.all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.all[middle] as Placed).first < word) low = middle + 1;
      else high = middle;
    }
    // Looking further back than this finds nobody the reader still has in mind.
    for (let index = low - 1; index >= Math.max(0, low - 200); index--) {
      const { one } = this.all[index] as Placed;
      if (test(one)) return one;
    }
    return undefined;
  }
}

const ANONYMOUS = wordSet(
  'مصدر مصادر أحد إحدى المصدر المصادر مسؤول مسؤولون مسئول مسئولون مسؤولة شهود شاهد شاهدة ناشط ناشطون ناشطين نشطاء سكان عدد بعض دبلوماسي دبلوماسيون ضابط طبيب أطباء مراقبون محللون خبراء متحدث ناطق قيادي مقيمون معارضون عضو جندي شخص مواطنون مواطن الشهود أهالي مسعفون آخرون آخر جنود',
);
/** Definite nouns that stand for a body named before: الوكالة، الوزارة. */
const BODY_NOUNS = new Map<string, RegExp>([
  ['الوكاله', /^(?:agency)$/],
  ['الصحيفه', /^media$/],
  ['القناه', /^media$/],
  ['الشبكه', /^(?:media|agency)$/],
  ['المجله', /^media$/],
  ['التلفزيون', /^media$/],
  ['الوزاره', /^ministry$/],
]);
const OFFICE_ROLE = new Map<string, RegExp>([
  ['الرييس', /president/],
  ['الملك', /king/],
  ['الامير', /emir|prince/],
  ['السلطان', /sultan/],
  ['الوزير', /minister/],
  ['المستشار', /chancellor|adviser/],
  ['المستشاره', /chancellor/],
  ['الامين', /secretary/],
  ['الرييسه', /president/],
]);

/** Reads the words `from` to `to` as a speaker; undefined when they name none. */
export function speakerIn(
  text: string,
  words: Word[],
  mentions: Mentions,
  from: number,
  to: number,
): Speaker | undefined {
  // معالي وزير المالية is the minister.
  if (from < to && HONORIFICS.has(stripConjunction((words[from] as Word).key)))
    return speakerIn(text, words, mentions, from + 1, to);
  if (to < from) return undefined;
  const inside = mentions.within(from, to);
  const people = inside.filter(({ one }) => one.entity.type === 'person');
  const head = stripConjunction((words[from] as Word).key);
  const phrase = text.slice((words[from] as Word).start, (words[to] as Word).end);
  const person = people.at(-1);
  if (
    person &&
    !(
      person.first === from + 1 &&
      TITLES.has(head) &&
      !head.startsWith('ال') &&
      person.last === to &&
      !OWN_TITLE.has(head)
    )
  ) {
    return { name: person.one.entity.name, entityId: person.one.entity.id, at: from };
  }
  const body = inside.find(
    ({ one, first }) =>
      one.entity.type === 'organization' &&
      (first === from || (first === from + 1 && (ORGANIZATION_HEADS.has(head) || head === 'موقع'))),
  );
  if (body) return { name: body.one.entity.name, entityId: body.one.entity.id, at: from };
  const holder = officeHolder(words, mentions, from, to, head);
  if (holder) return { name: holder.entity.name, entityId: holder.entity.id, at: from };
  if (head.startsWith('ال') && to - from <= 1) {
    const kind = BODY_NOUNS.get(head);
    const one = mentions.before(
      from,
      (candidate) =>
        candidate.entity.type === 'organization' &&
        (kind
          ? kind.test(candidate.known?.kind ?? kindOf(candidate))
          : [...candidate.keys].some((key) => key.startsWith(`${head.slice(2)} `) || key.startsWith(`${head} `))),
    );
    if (one) return { name: one.entity.name, entityId: one.entity.id, at: from };
  }
  const byFirst = from === to ? mentions.byGivenName(head) : undefined;
  if (byFirst) return { name: byFirst.entity.name, entityId: byFirst.entity.id, at: from };
  const place = inside.find(({ one, first }) => one.entity.type === 'location' && first === from);
  if (place) return { name: place.one.entity.name, entityId: place.one.entity.id, at: from };
  return { name: phrase.trim(), at: from, ...(isAnonymous(head, words, from, to) ? { anonymous: true } : {}) };
}

/** Titles that are the speaker's own even without an article: سيناتور ماكين. */
const OWN_TITLE = wordSet('سيناتور جنرال شيخ دكتور رئيس وزير سفير محافظ ملك أمير نائب');

const stripConjunction = (key: string): string => (/^[وف](?:ال|مصدر|مصادر)/.test(key) ? key.slice(1) : key);

function kindOf(found: Found): string {
  if (/ministry/.test(found.id)) return 'ministry';
  const key = [...found.keys][0] ?? '';
  if (/^(?:وكاله)/.test(key)) return 'agency';
  if (/^(?:صحيفه|جريده|مجله|قناه|شبكه|تلفزيون)/.test(key)) return 'media';
  return '';
}

/** Nouns a source without a name is called by; accusative endings aside. */
export const isAnonymousHead = (key: string): boolean => ANONYMOUS.has(key) || ANONYMOUS.has(key.replace(/ا$/, ''));

function isAnonymous(head: string, words: Word[], from: number, to: number): boolean {
  if (isAnonymousHead(head)) return true;
  for (let index = from; index <= Math.min(to, from + 1); index++)
    if (/^(?:مصدر|مصادر)$/.test((words[index] as Word).key)) return true;
  return false;
}

/** رئيس الوزراء, ولي العهد: the person whose office begins with these words. */
function holderNamed(words: Word[], mentions: Mentions, from: number, to: number): Found | undefined {
  const phrase = words.slice(from, to + 1).map((word) => word.key.replace(/^[وف](?=ولي|وزير|رييس)/, ''));
  return mentions.before(
    from,
    (one) =>
      one.entity.type === 'person' &&
      one.entity.roles.some((role) => {
        const office = role.split(/[\s،,]+/).map(foldWord);
        return phrase.every((key, index) => office[index] === key);
      }),
  );
}

/** الرئيس اليمني، الوزير، المسؤول الأمريكي: who in the text holds that office, the one spoken of last if several do. */
function officeHolder(words: Word[], mentions: Mentions, from: number, to: number, head: string): Found | undefined {
  if (!TITLES.has(head) && !OFFICE_ROLE.has(head)) return undefined;
  if (!head.startsWith('ال')) return to > from ? holderNamed(words, mentions, from, to) : undefined;
  const phrase = words.slice(from, to + 1).map((word) => word.key);
  const country = phrase.map((key) => nisbaCountry(key)).find(Boolean);
  const office = head.slice(2);
  const known = OFFICE_ROLE.get(head);
  return mentions.before(from, (one) => {
    if (one.entity.type !== 'person') return false;
    const roles = one.entity.roles.map((role) => role.split(/\s+/).map(foldWord));
    const nations = new Set([one.entity.country, ...roles.flat().map((key) => nisbaCountry(key))]);
    if (country && !nations.has(country)) return false;
    if (/^مسوول/.test(office)) return country !== undefined;
    return (
      roles.some((role) => role.some((key, index) => index <= 1 && (key === head || key === office))) ||
      Boolean(known && one.known?.role && known.test(one.known.role))
    );
  });
}
