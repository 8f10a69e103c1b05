/** Numbers in digits and words, Arabic, English, French and Spanish. */
import { foldWord, type Word } from './words.ts';

export interface FoundNumber {
  value: number;
  first: number;
  last: number;
  /** عشرات, dozens: the value is the least it can mean. */
  vague?: boolean;
}

function table(entries: Record<string, number>): Map<string, number> {
  return new Map(
    Object.entries(entries).flatMap(([words, value]) =>
      words.split(' ').map((word) => [foldWord(word), value] as const),
    ),
  );
}

const UNITS = table({
  'واحد واحدة': 1,
  'اثنان اثنين اثنتان اثنتين إثنين إثنان اثنا اثني اثنتا اثنتي إثنا إثني': 2,
  'ثلاث ثلاثة': 3,
  'أربع أربعة': 4,
  'خمس خمسة': 5,
  'ست ستة': 6,
  'سبع سبعة': 7,
  'ثمان ثماني ثمانية': 8,
  'تسع تسعة': 9,
  'عشر عشرة': 10,
});
const TENS = table({
  'عشرون عشرين': 20,
  'ثلاثون ثلاثين': 30,
  'أربعون أربعين': 40,
  'خمسون خمسين': 50,
  'ستون ستين': 60,
  'سبعون سبعين': 70,
  'ثمانون ثمانين': 80,
  'تسعون تسعين': 90,
});
const HUNDREDS = table({
  'مئة مائة ميه': 100,
  'مئتان مئتين مائتان مائتين مئتا مئتي مائتا مائتي': 200,
  'ثلاثمئة ثلاثمائة': 300,
  'أربعمئة أربعمائة': 400,
  'خمسمئة خمسمائة': 500,
  'ستمئة ستمائة': 600,
  'سبعمئة سبعمائة': 700,
  'ثمانمئة ثمانمائة ثمانيمئة': 800,
  'تسعمئة تسعمائة': 900,
});
const SCALES = table({
  'ألف ألفا آلاف الآف': 1000,
  'ألفان ألفين ألفا ألفي': 2000,
  'مليون ملايين مليونا': 1_000_000,
  'مليونان مليونين مليوني': 2_000_000,
  'مليار مليارات': 1e9,
});
const VAGUE = table({ 'عشرات العشرات': 20, 'مئات المئات': 200, 'آلاف الآلاف': 2000, 'بضعة بضع': 3 });
const TEEN_TEN = /^(?:عشر|عشره)$/;

const ENGLISH = table({
  'one un une uno una': 1,
  'two deux dos': 2,
  'three trois tres': 3,
  'four quatre cuatro': 4,
  'five cinq cinco': 5,
  'six seis': 6,
  'seven sept siete': 7,
  'eight huit ocho': 8,
  'nine neuf nueve': 9,
  'ten dix diez': 10,
  'eleven onze once': 11,
  'twelve douze doce': 12,
  'thirteen treize trece': 13,
  'fourteen quatorze catorce': 14,
  'fifteen quinze quince': 15,
  'sixteen seize dieciseis': 16,
  'seventeen diecisiete': 17,
  'eighteen dieciocho': 18,
  'nineteen diecinueve': 19,
  'twenty vingt veinte': 20,
  'thirty trente treinta': 30,
  'forty quarante cuarenta': 40,
  'fifty cinquante cincuenta': 50,
  'sixty soixante sesenta': 60,
  'seventy setenta': 70,
  'eighty ochenta': 80,
  'ninety noventa': 90,
});
const LATIN_SCALES = table({
  'hundred cent cents cien ciento cientos': 100,
  'thousand mille mil': 1000,
  'million millions millon millones': 1_000_000,
});
const LATIN_VAGUE = table({
  'dozens dizaines decenas docenas scores': 20,
  'hundreds centaines centenares': 200,
  'thousands milliers miles': 2000,
  'several plusieurs varios varias': 3,
  'dozen douzaine docena': 12,
  dizaine: 10,
  vingtaine: 20,
  trentaine: 30,
});

/** Reads digits as newspapers write them: 1,200, 1.200, 1 200 as far as one word goes. */
export function digitsOf(key: string): number | undefined {
  if (!/^\d/.test(key)) return undefined;
  const grouped = /^\d{1,3}(?:[.,]\d{3})+$/.test(key) ? key.replace(/[.,]/g, '') : key.replace(',', '.');
  const value = Number(grouped);
  return Number.isFinite(value) ? value : undefined;
}

/** The number that starts at word `at`, or undefined. */
export function numberAt(words: Word[], at: number): FoundNumber | undefined {
  const word = words[at];
  if (word === undefined) return undefined;
  if (word.script === 'number') {
    const value = digitsOf(word.key);
    if (value === undefined) return undefined;
    const next = words[at + 1];
    const scale =
      next && next.gap === ' '
        ? /^(?:الف|الفا|الاف)$/.test(next.key)
          ? 1000
          : /^(?:مليون|ملايين)$/.test(next.key)
            ? 1e6
            : (LATIN_SCALES.get(next.key) ?? 1)
        : 1;
    return { value: value * scale, first: at, last: scale > 1 ? at + 1 : at };
  }
  return word.script === 'arabic' ? arabicAt(words, at) : latinAt(words, at);
}

const small = (key: string): number | undefined => UNITS.get(key) ?? TENS.get(key) ?? HUNDREDS.get(key);

/** ثلاثة وعشرون, خمسة عشر, مئة وعشرين, ثلاثة آلاف. */
function arabicAt(words: Word[], at: number): FoundNumber | undefined {
  const key = (words[at] as Word).key.replace(/^[وفب](?=.{3})/, (letter, offset, whole) =>
    small(whole) === undefined && !VAGUE.has(whole) && !SCALES.has(whole) && offset === 0 ? '' : letter,
  );
  const vague = VAGUE.get(key);
  if (vague !== undefined) return { value: vague, first: at, last: at, vague: true };
  let value = small(key) ?? SCALES.get(key);
  if (value === undefined) return undefined;
  let last = at;
  const next = () => (words[last + 1]?.gap === ' ' ? words[last + 1]?.key : undefined);
  if (value <= 9 && TEEN_TEN.test(next() ?? '')) {
    value += 10;
    last++;
  }
  for (let turn = 0; turn < 4; turn++) {
    const following = next();
    if (following === undefined) break;
    const scale = SCALES.get(following);
    if (scale !== undefined && value < 1000) {
      value *= scale >= 1e6 ? 1e6 : 1000;
      last++;
      continue;
    }
    const joined = following.startsWith('و') ? following.slice(1) : undefined;
    const addend = joined === undefined ? undefined : (small(joined) ?? SCALES.get(joined));
    // خمسة وعشرون adds; "خمسة وثلاثة" would be a list.
    if (
      addend !== undefined &&
      ((addend >= 20 && value < 10) || (addend < 100 && value >= 100) || (value >= 1000 && addend < 1000))
    ) {
      value += addend;
      last++;
      continue;
    }
    break;
  }
  return { value, first: at, last };
}

function latinAt(words: Word[], at: number): FoundNumber | undefined {
  const { key } = words[at] as Word;
  const vague = LATIN_VAGUE.get(key);
  if (vague !== undefined) return { value: vague, first: at, last: at, vague: true };
  let value = ENGLISH.get(key) ?? LATIN_SCALES.get(key);
  if (value === undefined) return undefined;
  let last = at;
  for (let turn = 0; turn < 3; turn++) {
    const next = words[last + 1];
    if (next === undefined || !/^[ -]$/.test(next.gap)) break;
    const scale = LATIN_SCALES.get(next.key);
    if (scale && value < scale) value *= scale;
    else {
      const linked = /^(?:and|et|y)$/.test(next.key) ? words[last + 2] : next;
      const addend = linked && ENGLISH.get(linked.key);
      if (!addend || addend >= 10 || value < 20 || value % 10 !== 0) break;
      value += addend;
      if (linked !== next) last++;
    }
    last++;
  }
  return { value, first: at, last };
}
