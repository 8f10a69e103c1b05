import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChildServer, type Launcher, startServer } from './child-server.ts';
import { findOnPath, run } from './command.ts';
import { startDocumentDb, whyNoPackages } from './documentdb/index.ts';
import { isOpenPath } from './documentdb/postgres.ts';
import { withLock } from './file-lock.ts';
import { enter, guestsOf } from './guests.ts';
import { downloadMongod, startMongod } from './mongod.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { startRedis } from './redis.ts';
import { firstThatServes, NotHere, type Source } from './sources.ts';
import { isOwned, readState, reap, type StackState, writeState } from './state-file.ts';

export { NoServerError } from './sources.ts';

/** Redis and MongoDB for this machine. */
export interface LocalStack {
  redisUrl: string;
  mongoUri: string;
  /** Which servers are in use, a line each, for people. */
  servers: string[];
  /**
   * Stops what was started here, once no other process uses it, and removes a test's data. Servers of a URL or of another
   * process stay.
   */
  stop(): Promise<void>;
}

export interface LocalStackOptions {
  /** Data, logs and the state file. One stack per directory: a second process shares the first one's servers. */
  dataDir: string;
  /** `service` syncs its data to disk and keeps it, `demo` only keeps it, `test` removes it at the end. */
  purpose: 'service' | 'demo' | 'test';
  /** REDIS_URL and MONGODB_URI are used as they are; PATH, HOME and XDG_CACHE_HOME say where to look. */
  env?: NodeJS.ProcessEnv;
  /** Progress for people; a first start may take a minute or two. */
  log(line: string): void;
}

/** How often a process that wants to end looks whether others still use its servers. */
const GUESTS_MS = 250;

/** Downloading a mongod of some 80 MB; a closed network refuses much sooner. */
const MONGOD_DOWNLOAD_MS = 60_000;

/**
 * Finds or starts Redis and a MongoDB server. In this order: REDIS_URL and MONGODB_URI; redis-server, valkey-server and
 * mongod on PATH; redis-server from the system's packages, a mongod from mongodb-memory-server; DocumentDB from Debian's
 * packages. Throws NoServerError, whose message names every way out.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { log } = options;
  const env = options.env ?? process.env;
  const dataDir = resolve(options.dataDir);
  if (env.REDIS_URL && env.MONGODB_URI) {
    return {
      redisUrl: env.REDIS_URL,
      mongoUri: env.MONGODB_URI,
      servers: ['Redis: REDIS_URL', 'MongoDB: MONGODB_URI'],
      stop: async () => {},
    };
  }
  mkdirSync(dataDir, { recursive: true });
  const stateFile = join(dataDir, 'stack.json');
  const guestsDir = join(dataDir, 'guests');
  const onWait = (pid: number) =>
    log(`Waiting for process ${pid}, which is starting or stopping the servers of ${dataDir}`);
  const locked = <T>(work: () => Promise<T>) => withLock(join(dataDir, 'stack.lock'), onWait, work);
  return locked(async () => {
    const earlier = readState(stateFile);
    if (earlier?.ready && isOwned(earlier)) return share(earlier.ready, earlier.owner.pid, enter(guestsDir));
    if (earlier !== undefined) {
      const ended = await reap(stateFile, earlier);
      if (ended.length > 0) log(`Ended what an earlier run left behind: ${ended.join(', ')}`);
    }
    const stack = await startServers({ ...options, env, dataDir }, stateFile);
    const stopWhenAlone = async () => {
      const guests = guestsOf(guestsDir);
      if (guests.length === 0) await stack.stop();
      return guests;
    };
    return { ...stack, stop: () => untilAlone(() => locked(stopWhenAlone), log) };
  });
}

function share(ready: NonNullable<StackState['ready']>, pid: number, leave: () => void): LocalStack {
  return {
    ...ready,
    servers: ready.servers.map((line) => `${line}, shared with process ${pid}`),
    stop: async () => leave(),
  };
}

/** Servers end with the process that started them, so it stays for as long as others use them. */
async function untilAlone(stopWhenAlone: () => Promise<number[]>, log: (line: string) => void): Promise<void> {
  let guests = await stopWhenAlone();
  if (guests.length > 0)
    log(
      `Redis and MongoDB stay until process ${guests.join(', ')} has ended, which uses them too; Ctrl-C twice ends them now`,
    );
  while (guests.length > 0) {
    await delay(GUESTS_MS);
    guests = await stopWhenAlone();
  }
}

async function startServers(options: Required<LocalStackOptions>, stateFile: string): Promise<LocalStack> {
  const { dataDir, purpose, log } = options;
  const started: ChildServer[] = [];
  const state: StackState = { owner: identify(process.pid) as ProcessIdentity, servers: [], temporaryDirs: [] };
  const launch: Launcher = (command) => {
    const { name, stopSignal } = command;
    const onStart = (pid: number) => {
      const identity = identify(pid);
      if (identity === undefined) return;
      state.servers = [
        ...state.servers.filter((other) => other.name !== name),
        { name, process: identity, stopSignal },
      ];
      writeState(stateFile, state);
    };
    const server = startServer(command, { onStart, log });
    started.push(server);
    return server;
  };
  const stop = async () => {
    // Last started first: a gateway goes before the database behind it.
    for (const server of started.splice(0).reverse()) await server.stop();
    for (const directory of state.temporaryDirs) rmSync(directory, { recursive: true, force: true });
    rmSync(stateFile, { force: true });
    if (purpose === 'test') rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const use = { ...options, logDir: join(dataDir, 'logs'), durable: purpose === 'service', launch };
    const keep = (directory: string) => {
      state.temporaryDirs.push(directory);
      writeState(stateFile, state);
    };
    const redis = await firstThatServes('Redis', redisSources(use), REDIS_WAYS_OUT, log);
    const mongo = await firstThatServes('MongoDB', mongoSources(use, keep), MONGODB_WAYS_OUT, log);
    const ready = { redisUrl: redis.url, mongoUri: mongo.url, servers: [redis.line, mongo.line] };
    state.ready = ready;
    writeState(stateFile, state);
    return { ...ready, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Served {
  url: string;
  line: string;
}

interface Use extends Required<LocalStackOptions> {
  logDir: string;
  durable: boolean;
  launch: Launcher;
}

const REDIS_WAYS_OUT = [
  'set REDIS_URL to a Redis 7 or newer, for example redis://127.0.0.1:6379',
  'install redis-server or valkey-server (apt-get install redis-server, dnf install valkey, brew install redis)',
  'run the whole of it with Docker: docker compose up',
];

const MONGODB_WAYS_OUT = [
  'set MONGODB_URI to a MongoDB 7 or newer, for example mongodb://127.0.0.1:27017',
  'install MongoDB so that mongod is on PATH',
  'let it be downloaded: allow this machine to reach MongoDB’s download site',
  'on Debian (x64, arm64): install apt and debian-archive-keyring, and name a Debian mirror in apt’s sources',
  'run the whole of it with Docker: docker compose up',
];

function redisSources(use: Use): Source<Served>[] {
  const { env } = use;
  const start = async (binary: string): Promise<Served> => {
    const url = await startRedis({ ...use, binary, dataDir: join(use.dataDir, 'redis') });
    return { url, line: `Redis: ${await versionOf(binary)} at ${url}` };
  };
  const installed = () => findOnPath(['redis-server', 'valkey-server'], env.PATH ?? '');
  return [
    {
      name: 'REDIS_URL',
      attempt: async () => (env.REDIS_URL ? { url: env.REDIS_URL, line: 'Redis: REDIS_URL' } : new NotHere('not set')),
    },
    {
      name: 'redis-server or valkey-server on PATH',
      attempt: async () => {
        const binary = installed();
        return binary === undefined ? new NotHere('not installed') : start(binary);
      },
    },
    {
      name: 'apt-get install redis-server',
      attempt: async () => {
        if (process.getuid?.() !== 0) return new NotHere('needs root');
        if (!existsSync('/usr/bin/apt-get')) return new NotHere('no apt-get here');
        use.log('Redis: installing redis-server from the system’s packages');
        await installRedis(env);
        const binary = installed();
        if (binary === undefined) throw new Error('the package brought no redis-server');
        return start(binary);
      },
    },
  ];
}

async function installRedis(env: NodeJS.ProcessEnv): Promise<void> {
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '--yes', '--no-install-recommends', 'redis-server'], { env: quiet });
  await install().catch(async () => {
    await run('apt-get', ['update'], { env: quiet });
    await install();
  });
}

async function versionOf(binary: string): Promise<string> {
  const name = binary.slice(binary.lastIndexOf('/') + 1);
  const version = /v=([\d.]+)|version v?([\d.]+)/.exec(await run(binary, ['--version']));
  return `${name} ${version?.[1] ?? version?.[2] ?? ''}`.trim();
}

function mongoSources(use: Use, keepTemporary: (directory: string) => void): Source<Served>[] {
  const { env, log } = use;
  const dirs = { mongod: join(use.dataDir, 'mongod'), documentdb: join(use.dataDir, 'documentdb') };
  const cache = join(cacheHome(env), 'khabar');
  const treeDir = join(cache, 'documentdb-rootfs');
  const start = async (binary: string): Promise<Served> => {
    const url = await startMongod({ ...use, binary, dataDir: dirs.mongod });
    return { url, line: `MongoDB: ${await versionOf(binary)} at ${url}` };
  };
  const sources: Source<Served>[] = [
    {
      name: 'mongod on PATH',
      attempt: async () => {
        const binary = findOnPath(['mongod'], env.PATH ?? '');
        return binary === undefined ? new NotHere('not installed') : start(binary);
      },
    },
    {
      name: 'mongod from mongodb-memory-server',
      attempt: async () => {
        log('MongoDB: no mongod on PATH; trying to download one');
        return start(await downloadMongod(join(cache, 'mongodb-binaries'), MONGOD_DOWNLOAD_MS));
      },
    },
    {
      name: 'DocumentDB from Debian’s packages',
      attempt: async () => {
        const reason = whyNoPackages();
        if (reason !== undefined) return new NotHere(reason);
        const { uri, socketDir } = await startDocumentDb({ ...use, treeDir, dataDir: dirs.documentdb });
        keepTemporary(socketDir);
        return { url: uri, line: `MongoDB: DocumentDB on PostgreSQL 18 at ${uri}` };
      },
    },
  ];
  // Data stays with the server that wrote it, and a download is not tried again where it was in vain before.
  const ours = existsSync(dirs.documentdb) || existsSync(treeDir);
  if (ours && !existsSync(dirs.mongod)) sources.unshift(...sources.splice(2));
  const url: Source<Served> = {
    name: 'MONGODB_URI',
    attempt: async () =>
      env.MONGODB_URI ? { url: env.MONGODB_URI, line: 'MongoDB: MONGODB_URI' } : new NotHere('not set'),
  };
  return [url, ...sources];
}

/** Where downloads are kept. A server of root's runs as nobody, who may not enter a closed home such as /root. */
function cacheHome(env: NodeJS.ProcessEnv): string {
  const own = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return process.getuid?.() === 0 && !isOpenPath(join(own, 'khabar', 'x')) ? '/var/cache' : own;
}
