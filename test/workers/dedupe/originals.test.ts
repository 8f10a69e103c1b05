import { describe, expect, test } from 'vitest';
import { type ClusterMember, electOriginal } from '../../../src/workers/dedupe/originals.ts';

const at = (hour: number) => Date.UTC(2026, 0, 1, hour);

describe('electOriginal', () => {
  test.each<[string, ClusterMember[], string]>([
    ['one article is its own original', [{ id: 'a', seenAt: at(1) }], 'a'],
    [
      'the earliest seen',
      [
        { id: 'b', seenAt: at(2) },
        { id: 'a', seenAt: at(3) },
      ],
      'b',
    ],
    [
      'the earliest published, though seen later',
      [
        { id: 'a', publishedAt: at(2), seenAt: at(3) },
        { id: 'b', publishedAt: at(1), seenAt: at(5) },
      ],
      'b',
    ],
    [
      'a stated time after it was seen does not count',
      [
        { id: 'a', seenAt: at(4) },
        { id: 'b', publishedAt: at(9), seenAt: at(3) },
      ],
      'b',
    ],
    [
      'an agency credit before an earlier copy without',
      [
        { id: 'a', seenAt: at(1) },
        { id: 'b', agency: 'Reuters', seenAt: at(2) },
      ],
      'b',
    ],
    [
      'the agency itself before an earlier credit',
      [
        { id: 'a', agency: 'AFP', seenAt: at(1) },
        { id: 'b', isAgencyItself: true, seenAt: at(9) },
      ],
      'b',
    ],
    [
      'equal in everything, the lower id',
      [
        { id: 'b', seenAt: at(1) },
        { id: 'a', seenAt: at(1) },
      ],
      'a',
    ],
  ])('%s', (_case, members, original) => {
    expect(electOriginal(members).original).toBe(original);
    expect(electOriginal([...members].reverse()).original).toBe(original);
  });

  test('an earlier one that turns up later takes over', () => {
    const members = [
      { id: 'a', publishedAt: at(3), seenAt: at(4) },
      { id: 'b', publishedAt: at(5), seenAt: at(5) },
    ];
    expect(electOriginal(members, 'a')).toEqual({ original: 'a', copies: ['b'], changed: false });
    const withEarlier = [...members, { id: 'c', publishedAt: at(1), seenAt: at(6) }];
    expect(electOriginal(withEarlier, 'a')).toEqual({ original: 'c', copies: ['a', 'b'], changed: true });
  });

  test('a cluster without members', () => {
    expect(() => electOriginal([])).toThrow(RangeError);
  });
});
