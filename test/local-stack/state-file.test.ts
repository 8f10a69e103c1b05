import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { identify, isAlive, type ProcessIdentity } from '../../src/local-stack/process-identity.ts';
import { isOwned, readState, reap, type StackState, writeState } from '../../src/local-stack/state-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'khabar-state-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const me = identify(process.pid) as ProcessIdentity;
const dead: ProcessIdentity = { pid: 2 ** 30, started: '1' };

test('identify – this process is alive, one with its number but another start is not', () => {
  expect(isAlive(me)).toBe(true);
  expect(isAlive({ ...me, started: 'long ago' })).toBe(false);
  expect(identify(dead.pid)).toBeUndefined();
});

test('reap – ends a server left behind, even one that ignores the polite signal, and clears up', async () => {
  const stubborn = spawn(process.execPath, [
    '--eval',
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')",
  ]);
  await once(stubborn.stdout, 'data');
  const left = spawn('sleep', ['600']);
  await once(left, 'spawn');
  const servers = [stubborn, left].map(({ pid }, at) => ({
    name: `server ${at}`,
    process: identify(pid as number) as ProcessIdentity,
    stopSignal: 'SIGTERM' as const,
  }));
  const file = join(directory, 'stack.json');
  const temporary = join(directory, 'temporary');
  mkdirSync(temporary);
  const gone = { name: 'gone', process: dead, stopSignal: 'SIGTERM' as const };
  const reused = { name: 'reused number', process: { ...me, started: 'long ago' }, stopSignal: 'SIGKILL' as const };
  const state: StackState = { owner: dead, servers: [...servers, gone, reused], temporaryDirs: [temporary] };
  writeState(file, state);
  const read = readState(file) as StackState;
  expect(isOwned(read)).toBe(false);
  const exits = [stubborn, left].map((child) => once(child, 'exit'));
  expect(await reap(file, read, 200)).toEqual(['server 0', 'server 1']);
  await Promise.all(exits);
  expect([existsSync(file), existsSync(temporary)]).toEqual([false, false]);
});

test('readState – nothing there, or half a file, is no state', () => {
  const file = join(directory, 'half.json');
  expect(readState(file)).toBeUndefined();
  writeFileSync(file, '{"owner":');
  expect(readState(file)).toBeUndefined();
});
