/** What names sound like, whatever letters they are written in. */
import { foldText } from './fold.ts';

/** Usual Latin letters for each folded Arabic letter. */
export const SOUNDS: Record<string, string> = {
  ا: 'a',
  ب: 'b',
  ت: 't',
  ث: 'th',
  ج: 'j',
  ح: 'h',
  خ: 'kh',
  د: 'd',
  ذ: 'dh',
  ر: 'r',
  ز: 'z',
  س: 's',
  ش: 'sh',
  ص: 's',
  ض: 'd',
  ط: 't',
  ظ: 'z',
  ع: 'a',
  غ: 'gh',
  ف: 'f',
  ق: 'q',
  ك: 'k',
  ل: 'l',
  م: 'm',
  ن: 'n',
  ه: 'h',
  و: 'w',
  ي: 'y',
  ء: '',
  پ: 'p',
  چ: 'ch',
  ژ: 'zh',
  گ: 'g',
};

/**
 * The consonants of a name as ear and eye confuse them: spellings of one name share it (القذافي, Gaddafi, Qadhafi, Khadafy),
 * but so do many names that are not the same (أحمد, محمد). It finds what is worth a closer look.
 */
export function soundKey(name: string): string {
  return nameWords(name).map(soundOf).filter(Boolean).join(' ');
}

/** The words of a name, folded and without accents; the article is no word, and Abdul Fattah two. */
export function nameWords(name: string): string[] {
  return name
    .replace(/\b(abd)[aeiou]l[ -]?(?=\p{L})/giu, '$1 ')
    .replace(/عبد ?ال(?=\p{L}{3})/gu, 'عبد ')
    .split(/[\s\-'’]+/)
    .map(foldLetters)
    .filter((word) => word !== '' && word !== 'al' && word !== 'el')
    .map((word) => (/^ال.{2}/.test(word) ? word.slice(2) : word));
}

function soundOf(word: string): string {
  const latin = /[\u0600-\u06ff]/.test(word) ? [...word].map((letter) => SOUNDS[letter] ?? '').join('') : word;
  return latin
    .replace(/ou/g, 'w')
    .replace(/kh|gh|q|g|k|c(?=[aouklrt])/g, 'k')
    .replace(/dh|th|z|d|t/g, 't')
    .replace(/sh|ch|j/g, 's')
    .replace(/v|ph/g, 'f')
    .replace(/p/g, 'b')
    .replace(/[aeiouyw'h]/g, '')
    .replace(/(.)\1+/g, '$1');
}

/** Folded, and without accents. */
function foldLetters(word: string): string {
  return foldText(word)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '');
}
