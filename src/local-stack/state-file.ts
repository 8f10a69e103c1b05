import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { endProcess, isAlive, type ProcessIdentity } from './process-identity.ts';

/** How long a left-over server may take to end before it is killed. */
const GRACE_MS = 10_000;

/** What is written beside the data while a stack runs, so that a second process can share it and a later one clean up. */
export interface StackState {
  owner: ProcessIdentity;
  servers: { name: string; process: ProcessIdentity; stopSignal: NodeJS.Signals }[];
  temporaryDirs: string[];
  /** Set once everything is ready. */
  ready?: { redisUrl: string; mongoUri: string; servers: string[] };
}

/** The state in `file`; undefined when there is none or it cannot be read. */
export function readState(file: string): StackState | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StackState;
  } catch {
    return undefined;
  }
}

/** Written whole or not at all. */
export function writeState(file: string, state: StackState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Whether the process that started the stack still runs, and so its servers are in use. */
export function isOwned(state: StackState): boolean {
  return isAlive(state.owner);
}

/** Ends the servers a dead owner left behind and removes the state. Returns the names of those that still ran. */
export async function reap(file: string, state: StackState, graceMs: number = GRACE_MS): Promise<string[]> {
  const left = state.servers.filter((server) => isAlive(server.process));
  for (const server of left) await endProcess(server.process, server.stopSignal, graceMs);
  for (const directory of state.temporaryDirs) rmSync(directory, { recursive: true, force: true });
  rmSync(file, { force: true });
  return left.map((server) => server.name);
}
