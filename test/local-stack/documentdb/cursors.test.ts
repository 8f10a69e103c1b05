import { expect, test } from 'vitest';
import { CursorTable } from '../../../src/local-stack/documentdb/cursors.ts';

const page = (text: string) => Buffer.from(text);

function table(at: { now: number }): CursorTable {
  return new CursorTable(() => at.now);
}

test('closeIdle – takes cursors nobody used for longer, and no busy one', () => {
  const clock = { now: 0 };
  const cursors = table(clock);
  cursors.open('idle', 'db', page('1'));
  cursors.open('used', 'db', page('1'));
  cursors.open('busy', 'db', page('1'));
  Object.assign(cursors.get('busy') ?? {}, { busy: true });
  clock.now = 500;
  const used = cursors.get('used');
  if (used !== undefined) cursors.advance(used, page('2'));
  clock.now = 1001;
  expect(cursors.closeIdle(1000)).toEqual(['idle']);
  expect([cursors.get('idle'), cursors.get('used')?.continuation.toString(), cursors.size]).toEqual([
    undefined,
    '2',
    2,
  ]);
});

test('close – says whether there was one', () => {
  const cursors = table({ now: 0 });
  cursors.open('a', 'db', page('1'));
  expect([cursors.close('a'), cursors.close('a')]).toEqual([true, false]);
});
