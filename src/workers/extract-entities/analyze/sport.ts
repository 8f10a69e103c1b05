/** Whether a report is about sport, where الهلال and Chelsea are clubs. */
import { type Word, wordSet } from './words.ts';

const WORDS = wordSet(
  'مباراة المباراة مباريات الدوري دوري هدف أهداف هدفين ملعب الملعب مدرب المدرب الحكم ركلة جزاء الشوط شوط نقطة بطولة كأس لاعب اللاعب لاعبي مهاجم حارس منتخب المنتخب فريق الفريق الجولة تعادل فوز الأبطال مرمى جماهير',
  'match league goal goals coach striker goalkeeper midfielder cup season penalty defeat team club players stadium',
  'partido liga gol goles entrenador delantero estadio equipo entraîneur buteur but buts ligue championnat',
);
/** Different ones that a report on something else hardly has. */
const ENOUGH = 5;

export function isSport(words: Word[]): boolean {
  const seen = new Set<string>();
  for (const { key } of words) {
    const bare = WORDS.has(key) ? key : key.replace(/^[وف]?[بل]?(?=.{3})/, '');
    if (WORDS.has(bare) && seen.add(bare).size >= ENOUGH) return true;
  }
  return false;
}
