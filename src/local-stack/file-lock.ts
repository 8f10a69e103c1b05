import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 100;
let serial = 0;

/**
 * Runs `work` while no other process holds the lock `file`. A lock whose holder has died is taken over. `onWait` is called
 * once, with the holder's process id, when there is one to wait for.
 */
export async function withLock<T>(file: string, onWait: (pid: number) => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  let waited = false;
  while (!tryLock(file)) {
    const holder = readHolder(file);
    if (holder !== undefined && !waited) {
      waited = true;
      onWait(holder.pid);
    }
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Creates the lock whole or not at all: written beside it first, then linked, which fails when it exists. */
function tryLock(file: string): boolean {
  serial += 1;
  const mine = `${file}.${process.pid}.${serial}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    removeStale(file, `${mine}.stale`);
    return tryLink(mine, file);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves a dead holder's lock away. Should another process have taken it over in that moment, its lock is put back. */
function removeStale(file: string, aside: string): void {
  const holder = readHolder(file);
  if (holder === undefined || isAlive(holder)) return;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return;
  }
  const moved = readHolder(aside);
  if (moved !== undefined && isAlive(moved)) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
