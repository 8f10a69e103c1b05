import { describe, expect, test } from 'vitest';
import { measureReprint } from '../../../src/workers/dedupe/reprint.ts';
import { rewritten, story, words } from './texts.ts';

describe('measureReprint', () => {
  test('verbatim', () => {
    expect(measureReprint(story(1), story(1))).toEqual({ kept: 1, added: 0 });
  });

  test('an excerpt keeps a part and adds nothing', () => {
    const { kept, added } = measureReprint(story(1), story(1).split('\n')[0] as string);
    expect(kept).toBe(0.25);
    expect(added).toBe(0);
  });

  test('a text with as much of its own', () => {
    expect(measureReprint(story(1), `${story(1)}\n${story(2)}`)).toEqual({ kept: 1, added: 0.5 });
  });

  test('one word replaced in the middle of a hundred – one in a hundred is lost and one is new', () => {
    const all = words(3, 100);
    const edited = all.with(50, 'جديد');
    expect(measureReprint(all.join(' '), edited.join(' '))).toEqual({ kept: 0.99, added: 0.01 });
  });

  test('more rewriting keeps less', () => {
    const kept = [8, 4, 2].map((step) => measureReprint(story(1), rewritten(story(1), step)).kept);
    expect(kept).toEqual([...kept].sort((a, b) => b - a));
    expect(measureReprint(story(1), story(2))).toEqual({ kept: 0, added: 1 });
  });

  test('spelling is no change', () => {
    expect(measureReprint('أعلنت الحكومة إجراءات جديدة', 'اعلنت الحكومه اجراءات جديده')).toEqual({ kept: 1, added: 0 });
  });
});
