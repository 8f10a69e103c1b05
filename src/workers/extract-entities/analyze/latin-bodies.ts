/**
 * Bodies in languages of the Latin script by the noun that says what they are: before the rest in the Romance languages and German
 * (Institut Montaigne, Fiscalía General de la República), after it in English (Competition and Markets Authority), and by capitals
 * alone behind an article (la SNCF, der GDL).
 */
import type { Candidate } from './find-names.ts';
import { knowledge } from './knowledge.ts';
import { type Word, wordSet } from './words.ts';

const MAX_WORDS = 9;
/** They open a name. */
const HEADS = wordSet(
  'office institut université banque agence parti société fédération union association organisation assemblée cour tribunal comité commission observatoire front mouvement centre compagnie fondation syndicat confédération ministère gendarmerie conseil',
  'guardia confederación defensoría fiscalía organización instituto universidad banco ministerio agencia partido federación unión asociación corte comisión comité cámara congreso asamblea frente movimiento sindicato fundación hospital club consejo audiencia cruz real atlético deportivo',
  'gewerkschaft bundesverband verband universität bundesamt bundesanstalt verein hochschule landesamt stiftung deutsche deutscher deutschen',
  'instituto universidade agência federação organização istituto università banca agenzia federazione unione',
);
/** They close one in English. */
const TAILS = wordSet(
  'authority commission council agency ministry department university institute bank party union association federation committee court hospital corporation corp inc plc ltd holdings group movement foundation fm news times post foods airlines airways motors industries technologies exchange academy bureau crescent cross society guard',
);
/** Words without a capital inside a name, and the one that may end a head's name as an adjective. */
const LINKS = wordSet(
  'de du des la le les l d del los las da do e y et und der die das den für zur of for and the pour para por con sur au aux in',
);
const ADJECTIVES =
  /^(?:nationale?|internationale?|européenne?|général|générale|central|centrale|nacional|internacional|general|central|islamique|supérieure?|suprema?)$/u;
/** Endings of company names that are left out when the company is spoken of again. */
const COMPANY_TAILS = wordSet(
  'plc ltd inc corp corporation holdings group foods industries technologies motors airlines',
);

/** The folded name a company goes by later on: Northgate of Northgate Holdings Plc. */
export function calledLater(key: string): string | undefined {
  const parts = key.split(' ');
  let length = parts.length;
  while (length > 1 && COMPANY_TAILS.has(parts[length - 1] as string)) length--;
  return length === parts.length ? undefined : parts.slice(0, length).join(' ');
}

/** Capitals that name no body. */
const NO_BODY = wordSet(
  'tv usb gps adn vih ia ai dna pib tva iva gmt utc pdf sms ok km kg mw gw bip agb opnv gpt ki pkw lkw covid usa uk ue eu uae un nrw mme mm',
);
/** They have a capital where they open a sentence. */
const OPENERS =
  /^(?:the|a|an|from|in|at|by|of|on|for|and|but|as|with|when|after|before|while|if|since|our|his|her|their|its)$/;
const ARTICLE = /^(?:la|le|les|l|el|los|las|der|die|das|dem|den|des|del|du|al|au|o|a|il|lo|gli|the)$/;

/** `others` are names found already: one of them that reaches further, or covers a body whole, is the better reading. */
export function findLatinBodies(text: string, words: Word[], language: string, others: Candidate[]): Candidate[] {
  const covering = new Map<number, Candidate[]>();
  for (const one of others) {
    for (let at = one.first; at <= one.last; at++) covering.set(at, [...(covering.get(at) ?? []), one]);
  }
  const found: Candidate[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word;
    if (word.script !== 'latin') continue;
    const last = language === 'en' ? tailed(text, words, at) : headed(text, words, at);
    if (last !== undefined && !isWorse(words, at, last, covering)) {
      found.push(body(words, at, last, 0.95));
      at = last;
      continue;
    }
    if (isAcronym(text, words, at) && language !== 'en') found.push(body(words, at, at, 0.7));
  }
  return found;
}

function isWorse(words: Word[], first: number, last: number, covering: Map<number, Candidate[]>): boolean {
  for (let at = first; at <= last; at++) {
    for (const one of covering.get(at) ?? []) {
      if (one.first < first || one.last > last || (one.first === first && one.last === last)) return true;
      // United Nations and European Union: two bodies.
      if (one.first === first && words[one.last + 1]?.key === 'and') return true;
    }
  }
  return false;
}

const capital = (text: string, word: Word | undefined): boolean =>
  word?.script === 'latin' && /^\p{Lu}/u.test(text.slice(word.start, word.start + 2));

const near = (word: Word | undefined): word is Word => word !== undefined && /^[ \u00a0’']$/.test(word.gap);

/** The last word of the name whose head is word `at`. */
function headed(text: string, words: Word[], at: number): number | undefined {
  const head = words[at] as Word;
  // The end of a compound (Atomenergie-Organisation) opens no name, and neither does a body said to be somewhere (Universität in Wien).
  if (!capital(text, head) || !HEADS.has(head.key) || head.gap === '-' || words[at + 1]?.key === 'in') return undefined;
  let last = at;
  for (let index = at + 1; index < at + MAX_WORDS && near(words[index]); index++) {
    const word = words[index] as Word;
    if (capital(text, word) || (last === index - 1 && ADJECTIVES.test(word.key))) last = index;
    else if (!LINKS.has(word.key)) break;
  }
  return last === at ? undefined : last;
}

/** In English the noun that says what it is closes a run of capitals: Kenya Water Authority. */
function tailed(text: string, words: Word[], at: number): number | undefined {
  if (!capital(text, words[at]) || OPENERS.test((words[at] as Word).key)) return undefined;
  const before = words[at - 1];
  if (before && capital(text, before) && near(words[at]) && !OPENERS.test(before.key)) return undefined;
  let tail: number | undefined;
  for (let index = at + 1; index < at + MAX_WORDS && words[index]?.gap === ' '; index++) {
    const word = words[index] as Word;
    if (!capital(text, word)) {
      // Competition and Markets Authority: one link, and only between capitals.
      if (!/^(?:and|of|for)$/.test(word.key) || !capital(text, words[index + 1])) break;
      continue;
    }
    if (TAILS.has(word.key) && (!/^(?:cross|crescent)$/.test(word.key) || words[index - 1]?.key === 'red'))
      tail = index;
  }
  return tail;
}

function isAcronym(text: string, words: Word[], at: number): boolean {
  const word = words[at] as Word;
  const before = words[at - 1];
  const surface = text.slice(word.start, word.end);
  if (!/^\p{Lu}{3,6}$/u.test(surface) || NO_BODY.has(word.key) || /^[IVXLC]+$/.test(surface)) return false;
  const behindArticle = before !== undefined && /^[ ’']$/.test(word.gap) && ARTICLE.test(before.key);
  // A headline in capitals has its article in capitals too.
  return (
    behindArticle &&
    !/^\p{Lu}{2,}$/u.test(text.slice(before.start, before.end)) &&
    !/^\p{Lu}{2,}/u.test(text.slice(words[at + 1]?.start ?? text.length))
  );
}

function body(words: Word[], first: number, last: number, confidence: number): Candidate {
  const key = words.slice(first, last + 1).map((word) => word.key);
  const [head = '', ...rest] = key;
  const known = (knowledge().phrases.get(head) ?? []).filter(
    (phrase) => phrase.known.type === 'organization' && phrase.rest.join(' ') === rest.join(' '),
  );
  return {
    first,
    last,
    start: (words[first] as Word).start,
    end: (words[last] as Word).end,
    type: 'organization',
    key: key.join(' '),
    senses: known.map((phrase) => phrase.known),
    source: 'rule',
    confidence,
  };
}
