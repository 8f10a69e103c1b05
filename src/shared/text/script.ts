import type { Direction } from '../model.ts';

/**
 * Writing systems by Unicode block, as [first, last, ISO 15924 code], sorted. Blocks are what letters of running text need;
 * a letter outside of them counts as no script. Source: Unicode 16 Blocks.txt, ISO 15924.
 */
const BLOCKS: readonly (readonly [number, number, string])[] = [
  [0x41, 0x5a, 'Latn'],
  [0x61, 0x7a, 'Latn'],
  [0xaa, 0xaa, 'Latn'],
  [0xba, 0xba, 'Latn'],
  [0xc0, 0xd6, 'Latn'],
  [0xd8, 0xf6, 'Latn'],
  [0xf8, 0x2af, 'Latn'],
  [0x370, 0x3ff, 'Grek'],
  [0x400, 0x52f, 'Cyrl'],
  [0x531, 0x587, 'Armn'],
  [0x5d0, 0x5f2, 'Hebr'],
  [0x620, 0x64a, 'Arab'],
  [0x66e, 0x6d3, 'Arab'],
  [0x6d5, 0x6d5, 'Arab'],
  [0x6ee, 0x6ef, 'Arab'],
  [0x6fa, 0x6ff, 'Arab'],
  [0x710, 0x72f, 'Syrc'],
  [0x750, 0x77f, 'Arab'],
  [0x780, 0x7b1, 'Thaa'],
  [0x7c0, 0x7ff, 'Nkoo'],
  [0x8a0, 0x8c9, 'Arab'],
  [0x900, 0x97f, 'Deva'],
  [0x980, 0x9ff, 'Beng'],
  [0xa00, 0xa7f, 'Guru'],
  [0xa80, 0xaff, 'Gujr'],
  [0xb00, 0xb7f, 'Orya'],
  [0xb80, 0xbff, 'Taml'],
  [0xc00, 0xc7f, 'Telu'],
  [0xc80, 0xcff, 'Knda'],
  [0xd00, 0xd7f, 'Mlym'],
  [0xd80, 0xdff, 'Sinh'],
  [0xe01, 0xe4e, 'Thai'],
  [0xe80, 0xeff, 'Laoo'],
  [0xf40, 0xfbc, 'Tibt'],
  [0x1000, 0x109f, 'Mymr'],
  [0x10a0, 0x10ff, 'Geor'],
  [0x1100, 0x11ff, 'Kore'],
  [0x1200, 0x139f, 'Ethi'],
  [0x1780, 0x17d3, 'Khmr'],
  [0x1820, 0x1878, 'Mong'],
  [0x1c90, 0x1cbf, 'Geor'],
  [0x1e00, 0x1eff, 'Latn'],
  [0x1f00, 0x1fff, 'Grek'],
  [0x3041, 0x30ff, 'Jpan'],
  [0x3130, 0x318f, 'Kore'],
  [0x31f0, 0x31ff, 'Jpan'],
  [0x3400, 0x4dbf, 'Hani'],
  [0x4e00, 0x9fff, 'Hani'],
  [0xac00, 0xd7a3, 'Kore'],
  [0xf900, 0xfaff, 'Hani'],
  [0xfb1d, 0xfb4f, 'Hebr'],
  [0xfb50, 0xfdfb, 'Arab'],
  [0xfe70, 0xfefc, 'Arab'],
  [0xff21, 0xff3a, 'Latn'],
  [0xff41, 0xff5a, 'Latn'],
  [0xff66, 0xff9d, 'Jpan'],
  [0x20000, 0x323af, 'Hani'],
];

const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo']);

/** The ISO 15924 script of a letter, or undefined for what is not a letter of running text. */
export function scriptOf(codePoint: number): string | undefined {
  let low = 0;
  let high = BLOCKS.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const block = BLOCKS[middle] as readonly [number, number, string];
    if (codePoint < block[0]) high = middle - 1;
    else if (codePoint > block[1]) low = middle + 1;
    else return block[2];
  }
  return undefined;
}

export function directionOf(script: string): Direction {
  return RIGHT_TO_LEFT.has(script) ? 'rtl' : 'ltr';
}

export interface ScriptProfile {
  /** The script most of the letters are of; `Zyyy` when there are none. Kanji beside kana count as Jpan. */
  script: string;
  /** Letters of that script. */
  letters: number;
  /** Its share of all letters, 0 to 1. */
  share: number;
}

/**
 * An ideograph or a syllable block says about as much as this many letters of an alphabet, so that a Chinese headline with
 * a Latin brand name in it stays Chinese.
 */
const CHARACTER_WEIGHT: Record<string, number> = { Hani: 3, Jpan: 2, Kore: 2 };

/** Which script `text` is written in, by its letters. */
export function profileScript(text: string): ScriptProfile {
  const counts = new Map<string, number>();
  for (let i = 0; i < text.length; i += 1) {
    const codePoint = text.codePointAt(i) as number;
    if (codePoint > 0xffff) i += 1;
    const script = scriptOf(codePoint);
    if (script) counts.set(script, (counts.get(script) ?? 0) + (CHARACTER_WEIGHT[script] ?? 1));
  }
  // Japanese mixes kana with ideographs; a tenth of kana among them does not happen in Chinese.
  const kana = counts.get('Jpan') ?? 0;
  const ideographs = counts.get('Hani') ?? 0;
  if (kana > 0 && kana * 9 >= ideographs) {
    counts.set('Jpan', kana + ideographs);
    counts.delete('Hani');
  }
  let best = 'Zyyy';
  let most = 0;
  let total = 0;
  for (const [script, count] of counts) {
    total += count;
    if (count > most) {
      most = count;
      best = script;
    }
  }
  return { script: best, letters: Math.round(most / (CHARACTER_WEIGHT[best] ?? 1)), share: total ? most / total : 0 };
}

/** `text` without the words of other scripts than `script`: brand names and hashtags say nothing about its language. */
export function keepScript(text: string, script: string): string {
  return text
    .split(/\s+/u)
    .filter((word) => {
      let foreign = false;
      for (const character of word) {
        const of = scriptOf(character.codePointAt(0) as number);
        if (of === script || (script === 'Jpan' && of === 'Hani')) return true;
        if (of) foreign = true;
      }
      return !foreign;
    })
    .join(' ');
}
