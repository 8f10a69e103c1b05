import { describe, expect, test } from 'vitest';
import { foldText } from '../../../src/shared/arabic/fold.ts';
import { lightStem } from '../../../src/shared/arabic/stem.ts';

const stem = (word: string) => lightStem(foldText(word));

describe('lightStem – brings together', () => {
  test.each([
    ['الانتخابات', 'انتخابات', 'والانتخابات', 'انتخابية', 'للانتخابات'],
    ['المدينة', 'مدينة', 'بالمدينة', 'ومدينة'],
    ['المعلمون', 'المعلمين', 'معلم'],
    ['report', 'reports', "report's"],
    ['city', 'cities'],
    ['journal', 'journals'],
  ])('%s and its forms', (word, ...forms) => {
    for (const form of forms) expect(stem(form), form).toBe(stem(word));
  });
});

describe('lightStem – keeps', () => {
  test.each([
    ['كاتب', 'مكتب'],
    ['ولد', 'لد'],
    ['ماء', 'سماء'],
    ['press', 'pres'],
    ['bus', 'bu'],
  ])('%s and %s apart', (a, b) => {
    expect(stem(a)).not.toBe(stem(b));
  });

  test('short words whole', () => {
    expect(stem('ان')).toBe('ان');
    expect(stem('في')).toBe('في');
  });
});
