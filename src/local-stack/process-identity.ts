import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in whatever unit the system tells. */
  started: string;
}

/** The identity of a running process; undefined when there is none (a zombie counts as gone). */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    if (process.platform === 'linux') {
      // proc_pid_stat(5): the name in parentheses may hold spaces; state and start time are fields 3 and 22.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : { pid, started: fields[19] ?? '' };
    }
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started === '' ? undefined : { pid, started };
  } catch {
    return undefined;
  }
}

/** Whether that very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** Ends a process that is not our child: `signal` first, and SIGKILL when it has not ended after `graceMs`. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  send(identity, signal);
  const deadline = Date.now() + graceMs;
  while (isAlive(identity) && Date.now() < deadline) await delay(POLL_MS);
  send(identity, 'SIGKILL');
  while (isAlive(identity)) await delay(POLL_MS);
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: it ended in between
  }
}
