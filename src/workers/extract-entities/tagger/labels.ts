import type { EntityType } from '../../../shared/model.ts';

/** What a tag says of its token: outside, or the beginning, inside or end of a name, or a name of its own. */
export const TYPES = ['PER', 'ORG', 'LOC', 'MISC'] as const;
export type TagType = (typeof TYPES)[number];

/**
 * Labels of the tagger: O, then B, I, E, S of each type (begin, inside, end, single). Telling ends and singles apart costs
 * nothing in decoding and lets the model learn what closes a name.
 */
export const LABELS: readonly string[] = [
  'O',
  ...TYPES.flatMap((type) => ['B', 'I', 'E', 'S'].map((at) => `${at}-${type}`)),
];
export const LABEL_COUNT = LABELS.length;

const PLACES = 4;
const BEGIN = 0;
const END = 2;
const SINGLE = 3;

export const ENTITY_TYPES: Record<TagType, EntityType | undefined> = {
  PER: 'person',
  ORG: 'organization',
  LOC: 'location',
  MISC: undefined,
};

/** The label of `place` (0 begin, 1 inside, 2 end, 3 single) of a name of type number `type`. */
function labelOf(type: number, place: number): number {
  return 1 + type * PLACES + place;
}

/** Whether label `to` may follow label `from`; -1 stands for the edge of the sentence. */
export function mayFollow(from: number, to: number): boolean {
  const open = from > 0 && (from - 1) % PLACES <= 1;
  const starts = to <= 0 || (to - 1) % PLACES === BEGIN || (to - 1) % PLACES === SINGLE;
  if (!open) return starts;
  return to > 0 && !starts && Math.floor((from - 1) / PLACES) === Math.floor((to - 1) / PLACES);
}

export interface TagSpan {
  /** Token numbers, end exclusive. */
  start: number;
  end: number;
  type: TagType;
}

/** The names a legal label sequence spells. */
export function spansOf(labels: ArrayLike<number>): TagSpan[] {
  const spans: TagSpan[] = [];
  let start = 0;
  for (let i = 0; i < labels.length; i += 1) {
    const label = labels[i] as number;
    if (label === 0) continue;
    const place = (label - 1) % PLACES;
    if (place === BEGIN || place === SINGLE) start = i;
    if (place === END || place === SINGLE) {
      spans.push({ start, end: i + 1, type: TYPES[Math.floor((label - 1) / PLACES)] as TagType });
    }
  }
  return spans;
}

/** The label sequence of `length` tokens for non-overlapping spans. */
export function labelsOf(spans: readonly TagSpan[], length: number): Uint8Array {
  const labels = new Uint8Array(length);
  for (const { start, end, type } of spans) {
    const number = TYPES.indexOf(type);
    if (end - start === 1) labels[start] = labelOf(number, SINGLE);
    else {
      for (let i = start; i < end; i += 1) labels[i] = labelOf(number, i === start ? BEGIN : i === end - 1 ? END : 1);
    }
  }
  return labels;
}
