import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    const holder = readHolder(file);
    if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true });
    linkSync(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
