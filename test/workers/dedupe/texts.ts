/** Texts for the dedupe tests, made from a seed: word salad has the statistics shingles care about and belongs to nobody. */

import { seededRandom } from '../../../src/shared/seeded-random.ts';

const ARABIC = [
  'أعلن',
  'الوزير',
  'اليوم',
  'في',
  'مؤتمر',
  'صحافي',
  'أن',
  'المدينة',
  'ستشهد',
  'مشروعات',
  'جديدة',
  'على',
  'الطريق',
];

/** `count` words of a vocabulary large enough that two texts share no three-word run by chance. */
export function words(seed: number, count: number): string[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const stem = ARABIC[Math.floor(random() * ARABIC.length)] as string;
    return `${stem}${String.fromCharCode(0x0628 + Math.floor(random() * 18))}${String.fromCharCode(0x0641 + Math.floor(random() * 7))}`;
  });
}

/** An article of four paragraphs. */
export function story(seed: number, count = 120): string {
  const all = words(seed, count);
  const size = Math.ceil(count / 4);
  return [0, 1, 2, 3].map((i) => all.slice(i * size, (i + 1) * size).join(' ')).join('\n');
}

/** The text with every `step`-th run of three words replaced. */
export function rewritten(text: string, step: number, seed = 99): string {
  const other = words(seed, 4000);
  let run = 0;
  return text
    .split('\n')
    .map((line) => {
      const out = line.split(' ');
      for (let i = 0; i < out.length; i += 3 * step, run++) {
        for (let j = i; j < Math.min(out.length, i + 3); j++) out[j] = other[run * 3 + (j - i)] as string;
      }
      return out.join(' ');
    })
    .join('\n');
}
