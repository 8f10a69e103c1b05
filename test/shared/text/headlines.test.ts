import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { detectLanguage } from '../../../src/shared/text/language.ts';

/** Six headlines of about six words in each of 32 languages, written for this test. */
const headlines: Record<string, string[]> = JSON.parse(
  readFileSync(new URL('../../fixtures/languages/headlines.json', import.meta.url), 'utf8'),
);

describe('detectLanguage', () => {
  test('headlines – at least 94 in 100 are told', () => {
    const all = Object.entries(headlines).flatMap(([language, lines]) => lines.map((line) => ({ language, line })));
    const wrong = all.filter(({ language, line }) => detectLanguage(line).language !== language);
    expect(wrong.length / all.length).toBeLessThanOrEqual(0.06);
  });

  test.each(Object.entries(headlines))('a page of them – %s', (language, lines) => {
    expect(detectLanguage(lines.join('. '))).toMatchObject({ language, confidence: expect.any(Number) });
  });

  test.each(['ar', 'fa', 'ur', 'ckb', 'ps'])(
    'Arabic script – every headline but one at most is told: %s',
    (language) => {
      const wrong = (headlines[language] ?? []).filter((line) => detectLanguage(line).language !== language);
      expect(wrong.length).toBeLessThanOrEqual(1);
    },
  );
});
