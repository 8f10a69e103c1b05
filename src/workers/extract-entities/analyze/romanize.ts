/** Names across scripts: a Latin spelling for an Arabic name, and a provisional id for a name nobody has registered. */
import { SOUNDS } from '../../../shared/arabic/sound-key.ts';
import type { EntityType } from '../../../shared/model.ts';
import { knowledge } from './knowledge.ts';
import { slug } from './tables.ts';

const VOWELS = /[اوي]/;

/** A folded Arabic name in Latin letters: usual spellings for given names, letter by letter for the rest. */
export function romanize(key: string): string {
  return key.split(' ').map(romanizeWord).filter(Boolean).join(' ');
}

function romanizeWord(word: string): string {
  const given = knowledge().givenNames.get(word);
  if (given) return given;
  if (word === 'بن' || word === 'ابن') return 'bin';
  if (word === 'ال') return 'Al';
  const article = word.length > 4 && word.startsWith('ال');
  const letters = article ? word.slice(2) : word;
  let latin = '';
  for (let at = 0; at < letters.length; at++) {
    const letter = letters.charAt(at);
    const before = letters.charAt(at - 1);
    const inner = at > 0;
    if (inner && letter === 'و' && !VOWELS.test(before)) latin += 'u';
    else if (inner && letter === 'ي' && !VOWELS.test(before)) latin += 'i';
    else if (letter === 'ه' && at === letters.length - 1 && inner) latin += 'a';
    else {
      const sound = SOUNDS[letter] ?? letter;
      // Arabic writes no short vowels: an a between two consonants keeps the word readable.
      if (inner && sound && !VOWELS.test(letter) && letter !== 'ع' && !VOWELS.test(before) && at < 3 && before !== 'ع')
        latin += 'a';
      latin += sound;
    }
  }
  const capital = latin.charAt(0).toUpperCase() + latin.slice(1);
  return article ? `al-${capital}` : capital;
}

const PREFIX: Record<EntityType, string> = { person: 'person', organization: 'org', location: 'place' };

/** Id of a name the knowledge base does not hold, the same for every spelling that romanises alike. `~` marks it as provisional. */
export function provisionalId(type: EntityType, key: string, country?: string): string {
  const latin = slug(/[\u0600-\u06ff]/.test(key) ? romanize(key) : key) || key.replaceAll(' ', '-');
  return `${PREFIX[type]}:~${latin}${type === 'organization' && country ? `-${country.toLowerCase()}` : ''}`;
}
