/**
 * Whether two names are spellings of one Arabic name. `soundKey` says what is worth asking; this says no unless every word
 * agrees, because a false merge is worse than two entries: سالم and سليم, محمد and محمود, Gamal and Kamal stay apart.
 */
import { nameWords } from '../../../shared/arabic/sound-key.ts';
import { knowledge } from './knowledge.ts';

const ARABIC = /[\u0600-\u06ff]/;
const SHORT_VOWEL = '(?:(?!ou|oo|ee|aa|uu|ii)[aeiou]{1,2})?';

/** How outlets write each folded Arabic consonant. Tables of the usual romanisations (ALA-LC, BGN/PCGN) and of press use. */
const CONSONANT: Record<string, string> = {
  ب: '[bp]',
  ت: 't',
  ث: '(?:th|t|s)',
  ج: '(?:j|g|dj)',
  ح: 'h',
  خ: '(?:kh|k|ch)',
  د: 'd',
  ذ: '(?:dh|th|z|d)',
  ر: 'r',
  ز: 'z',
  س: '(?:s|c(?=[ei]))',
  ش: '(?:sh|ch)',
  ص: 's',
  ض: '(?:dh|d|z)',
  ط: 't',
  ظ: '(?:dh|z|d)',
  غ: '(?:gh|g)',
  ف: 'f',
  ق: '(?:q|k|g|gh|kh|c)',
  ك: '[kc]',
  ل: 'l',
  م: 'm',
  ن: 'n',
  ه: 'h',
  پ: 'p',
  چ: '(?:ch|j)',
  ژ: '(?:zh|j)',
  گ: 'g',
};
/** Long vowels are always written in some way, or stand for a consonant. */
const LONG: Record<string, string> = { ا: '[ae]{1,2}', و: '(?:[aeo]?[uw]+|oo?|ow|v)', ي: '(?:[ae]?[iy]+|ee|e)' };

/** Spellings of one word in Latin letters. */
function latinSpellings(word: string): RegExp {
  let pattern = '';
  for (let at = 0; at < word.length; at++) {
    const letter = word.charAt(at);
    const last = at === word.length - 1;
    const consonant = CONSONANT[letter];
    // ع is a sound English leaves out, and changes the vowels beside it.
    if (letter === 'ع' || letter === 'ء') pattern += "['’]?[aeiou]{0,2}";
    else if (letter === 'ا' && at === 0) pattern += '[aeiou]{1,2}';
    else if (letter === 'ه' && last) pattern += '(?:ah?|eh?|at)';
    else if (letter === 'ي' && at === 0) pattern += '(?:y|i|j)';
    else if (letter === 'و' && at === 0) pattern += '(?:w|ou?|v)';
    else if (letter === 'ي' && last) pattern += '(?:[ae]?[iy]+|ee|a)';
    else if (LONG[letter]) pattern += LONG[letter];
    else if (consonant === undefined) return /(?!)/;
    else pattern += `${consonant}{1,2}`;
    // No short vowel where a long one is written, but for the glides of وليد and يحيى.
    const next = word.charAt(at + 1);
    const glide = (letter === 'و' || letter === 'ي') && (at === 0 || LONG[next] === undefined);
    if (!last && LONG[next] === undefined && (consonant !== undefined || glide) && letter !== 'ا')
      pattern += SHORT_VOWEL;
    else if (!last && (next === 'و' || next === 'ي') && word.length > 2 && consonant !== undefined)
      pattern += at + 2 < word.length ? '[aeu]?' : '';
  }
  return new RegExp(`^${pattern}$`);
}

function isSpelledLike(arabic: string, latin: string): boolean {
  const { givenNames } = knowledge();
  const usual = givenNames.get(arabic)?.toLowerCase();
  if (usual === latin) return true;
  // The usual spelling of another given name is that name: Salim is سليم, not سالم.
  if ([...givenNames].some(([other, spelling]) => other !== arabic && spelling.toLowerCase() === latin)) return false;
  return latinSpellings(arabic).test(latin) || (usual !== undefined && isSameLatin(usual, latin));
}

/** Latin letters of one sound, which romanisations of Arabic exchange. */
const EXCHANGED = new Set(
  'q k,q g,dh d,dh th,dh z,a e,o u,ou u,oo u,ou o,ee i,y i,ai ei,ai ay,ei ey,ay ey,ah a,eh a'
    .split(',')
    .map((pair) => pair.split(' ').sort().join(' ')),
);

const UNITS = /[dtskg]h|ou|oo|ee|[ae][iy]|[ae]h$|./g;

function isSameLatin(a: string, b: string): boolean {
  const units = (word: string) => word.replace(/([^aeiou])\1/g, '$1').match(UNITS) ?? [];
  const left = units(a);
  const right = units(b);
  return (
    left.length === right.length &&
    left.every((unit, i) => unit === right[i] || EXCHANGED.has([unit, right[i] as string].sort().join(' ')))
  );
}

/** True when the names have two words or more, and each word of one may be written like that of the other. */
export function isVariant(a: string, b: string): boolean {
  const left = nameWords(a);
  const right = nameWords(b);
  if (left.length < 2 || left.length !== right.length) return false;
  const arabic = (words: string[]) => words.every((word) => ARABIC.test(word));
  const foreign = (words: string[]) => words.every((word) => /^[a-z]+$/.test(word));
  if (arabic(left) && foreign(right)) return left.every((word, i) => isSpelledLike(word, right[i] as string));
  if (foreign(left) && arabic(right)) return isVariant(b, a);
  // Meyer and Mayer are two: what romanisation exchanges counts in names that are Arabic only.
  if (!foreign(left) || !foreign(right) || !(isArabicName(a) || isArabicName(b))) return false;
  return left.every((word, i) => isSameLatin(word, right[i] as string));
}

/** Letters that no foreign name is written with in Arabic. */
const OWN_LETTERS = /[حعصضظثذ]/;

/** Whether a name in Latin letters is an Arabic one for sure: Meyer and Mayer are two, whatever Arabic exchanges. */
function isArabicName(name: string): boolean {
  const words = name.toLowerCase().split(/[\s-]+/);
  return words.some((word) => /^(?:al|bin|ibn|abu|abd.*)$/.test(word) || arabicGivenNames().has(word));
}

let ownNames: Set<string> | undefined;
function arabicGivenNames(): Set<string> {
  ownNames ??= new Set(
    [...knowledge().givenNames].flatMap(([arabic, latin]) => (OWN_LETTERS.test(arabic) ? [latin.toLowerCase()] : [])),
  );
  return ownNames;
}
