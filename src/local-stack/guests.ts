import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** Notes in `directory` that this process uses servers which another one owns. Returns what ends it. */
export function enter(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, String(process.pid));
  writeFileSync(file, JSON.stringify(identify(process.pid)));
  return () => rmSync(file, { force: true });
}

/** Ids of the other processes that use the servers now. What a process has left behind that died is removed. */
export function guestsOf(directory: string): number[] {
  mkdirSync(directory, { recursive: true });
  return readdirSync(directory).flatMap((name) => {
    const file = join(directory, name);
    const guest = readGuest(file);
    if (guest !== undefined && isAlive(guest)) return guest.pid === process.pid ? [] : [guest.pid];
    rmSync(file, { force: true });
    return [];
  });
}

/** Undefined also for one that died while it wrote; nobody reads meanwhile, since both hold the lock of the stack. */
function readGuest(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
