import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { withLock } from '../../src/local-stack/file-lock.ts';

const directory = mkdtempSync(join(tmpdir(), 'khabar-lock-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('withLock – work under one lock never overlaps, and the lock is gone at the end', async () => {
  const file = join(directory, 'a.lock');
  const waited: number[] = [];
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise(setImmediate);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 5 }, () => withLock(file, (pid) => waited.push(pid), work)));
  expect(most).toBe(1);
  expect(new Set(waited)).toEqual(new Set([process.pid]));
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['of a process that has ended', JSON.stringify({ pid: 2 ** 30, started: '1' })],
  ['of an earlier process with the same number', JSON.stringify({ pid: process.pid, started: 'long ago' })],
])('withLock – a lock %s is taken over', async (_case, content) => {
  const file = join(directory, 'b.lock');
  writeFileSync(file, content);
  expect(
    await withLock(
      file,
      () => {},
      async () => 'done',
    ),
  ).toBe('done');
});

test('withLock – an error frees the lock', async () => {
  const file = join(directory, 'c.lock');
  const failing = withLock(
    file,
    () => {},
    async () => {
      throw new Error('no');
    },
  );
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});
