import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The unprivileged user a server of root's runs as. */
export interface ServerUser {
  uid: number;
  gid: number;
  /** Its data lies below a directory that only root may enter, such as /root: it keeps that one capability. */
  reachesClosedPaths: boolean;
}

/** How to run one server beside this process. */
export interface ServerCommand {
  /** For people: log lines and errors. */
  name: string;
  command: string;
  args: string[];
  /** Where the server's own output goes. */
  logFile: string;
  /** Signal for an orderly stop. */
  stopSignal: NodeJS.Signals;
  /** Runs it as another user; only root may, and only where setpriv is. */
  user?: ServerUser | undefined;
  /** The child ends when its stdin closes, so it needs no help to end with its parent. */
  watchesStdin?: boolean;
}

/** A server that was started here. */
export interface ChildServer {
  stop(): Promise<void>;
  /**
   * Waits until `ready` answers true; from then on the server is started again whenever it ends by itself. Throws with the
   * end of the log when the server ends first or `timeoutMs` is over.
   */
  waitUntil(ready: () => Promise<boolean>, timeoutMs: number): Promise<void>;
}

/** Starts a server; `startServer` with its owner's ears. */
export type Launcher = (server: ServerCommand) => ChildServer;

/** What the owner of a server wants to know. */
export interface ServerEvents {
  /** A process of the server runs, the first or a later one. */
  onStart(pid: number): void;
  /** For people. */
  log(line: string): void;
}

/** How long a server may take for an orderly stop before it is killed. */
const STOP_MS = 15_000;
const POLL_MS = 25;
/** Waits before a crashed server is started again; doubled each time it does not stay up for STEADY_MS. */
const FIRST_RESTART_MS = 250;
const LAST_RESTART_MS = 30_000;
const STEADY_MS = 60_000;
const LOG_TAIL_CHARACTERS = 1500;

/** util-linux's setpriv has the kernel signal the child when its parent dies, however it dies (PR_SET_PDEATHSIG). */
const SETPRIV = '/usr/bin/setpriv';

/**
 * Starts a server that outlives neither `stop()` nor this process, and that is started again when it crashes. It gets a
 * process group of its own, so that Ctrl-C in a terminal reaches this process first and the stores stay up while it drains.
 */
export function startServer(server: ServerCommand, { onStart, log }: ServerEvents): ChildServer {
  let isReady = false;
  let isStopping = false;
  let failure: string | undefined;
  let child = start();
  let restartMs = FIRST_RESTART_MS;

  function start(): ChildProcess {
    const next = spawnServer(server);
    const startedAt = Date.now();
    if (next.pid !== undefined) onStart(next.pid);
    next.on('error', (error) => {
      failure = error.message;
    });
    next.on('exit', (code, signal) => {
      failure ??= `it ended with ${signal ?? `code ${code}`}`;
      if (isReady && !isStopping) restartAfterCrash(`${signal ?? `code ${code}`}`, Date.now() - startedAt);
    });
    return next;
  }

  function restartAfterCrash(how: string, upMs: number): void {
    restartMs = upMs > STEADY_MS ? FIRST_RESTART_MS : Math.min(restartMs * 2, LAST_RESTART_MS);
    log(`${server.name} ended with ${how}; starting it again`);
    setTimeout(() => {
      if (!isStopping) child = start();
    }, restartMs).unref();
  }

  return {
    stop() {
      isStopping = true;
      return stopChild(child, server.stopSignal);
    },
    async waitUntil(ready, timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      while (failure === undefined && Date.now() < deadline) {
        if (await ready()) {
          isReady = true;
          return;
        }
        await delay(POLL_MS);
      }
      const reason = failure ?? `it was not ready within ${timeoutMs / 1000} s`;
      await stopChild(child, 'SIGKILL');
      const end = `${server.logFile} ends with:\n${logTail(server.logFile)}`;
      throw new Error(`${server.name} did not start: ${reason}. ${end}`);
    },
  };
}

function spawnServer(server: ServerCommand): ChildProcess {
  mkdirSync(dirname(server.logFile), { recursive: true });
  const log = openSync(server.logFile, 'a');
  const deathSignal = server.watchesStdin ? undefined : server.stopSignal;
  const [command, args] = commandLine(server.command, server.args, { user: server.user, deathSignal });
  const child = spawn(command, args, {
    detached: true,
    stdio: [server.watchesStdin ? 'pipe' : 'ignore', log, log],
  });
  closeSync(log);
  // Neither the child nor the pipe that ties it to this process keeps this process running.
  child.unref();
  (child.stdin as Socket | null)?.unref();
  return child;
}

/**
 * The command line that runs `command` as `user` (undefined: as whoever runs this) and, with `deathSignal`, sends it that
 * signal when this process dies. Without setpriv on the machine the command stays as it is.
 */
export function commandLine(
  command: string,
  args: string[],
  { user, deathSignal }: { user?: ServerUser | undefined; deathSignal?: NodeJS.Signals | undefined },
): [command: string, args: string[]] {
  if (!existsSync(SETPRIV)) return [command, args];
  const options: string[] = [];
  if (deathSignal !== undefined) options.push('--pdeathsig', deathSignal.slice('SIG'.length));
  if (user !== undefined) {
    options.push('--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups');
    if (user.reachesClosedPaths) options.push('--inh-caps', '+dac_override', '--ambient-caps', '+dac_override');
  }
  return [SETPRIV, [...options, '--', command, ...args]];
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}

function logTail(file: string): string {
  return readFileSync(file, 'utf8').slice(-LOG_TAIL_CHARACTERS).trim();
}

/** A loopback TCP port that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
