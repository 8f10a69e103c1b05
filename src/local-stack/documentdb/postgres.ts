import { existsSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { commandLine, type Launcher, type ServerUser } from '../child-server.ts';
import { run } from '../command.ts';
import { MAX_WRITE_BATCH, POOL_SIZE } from './commands.ts';
import { IDLE_CURSOR_MS } from './cursors.ts';
import type { PackageTree } from './package-tree.ts';

const READY_MS = 120_000;
/** Beside the gateway's pool: DocumentDB's connections to itself, scheduled jobs, a person with psql. */
const SPARE_CONNECTIONS = 60;

/**
 * Starts a PostgreSQL with the documentdb extension on the data in `dataDir`, which is created when it is not there. It
 * listens only on a Unix socket in a new temporary directory, which nobody else may enter and which is returned. Without `durable` nothing is synced
 * to disk: for data that need not survive a crash of the machine.
 */
export async function startPostgres(options: {
  tree: PackageTree;
  dataDir: string;
  logFile: string;
  durable: boolean;
  launch: Launcher;
}): Promise<string> {
  const { tree, dataDir, logFile, durable, launch } = options;
  const user = await serverUser(dataDir);
  const socketDir = await mkdtemp(join(tmpdir(), 'khabar-pg-'));
  if (user !== undefined) {
    // The server's, and through the group ours: root without the capability to pass every door must come in too.
    await chmod(socketDir, 0o770);
    await chown(socketDir, user.uid, process.getgid?.() ?? user.gid);
  }
  if (!existsSync(dataDir)) await initialise(tree, dataDir, durable, user);
  const server = launch({
    name: 'PostgreSQL with DocumentDB',
    command: tree.postgres,
    args: ['-D', dataDir, '-k', socketDir, ...settings(socketDir, durable)],
    logFile,
    stopSignal: 'SIGINT', // PostgreSQL's fast shutdown: open connections are cut
    user,
  });
  await server.waitUntil(() => acceptsConnections(socketDir), READY_MS);
  await setUp(socketDir);
  return socketDir;
}

function settings(socketDir: string, durable: boolean): string[] {
  const values: Record<string, string> = {
    listen_addresses: '',
    max_connections: String(POOL_SIZE + SPARE_CONNECTIONS),
    shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb',
    'cron.database_name': 'postgres',
    'cron.use_background_workers': 'on',
    'cron.log_run': 'off',
    'cron.log_statement': 'off',
    'documentdb.localhost_connection_string': `host=${socketDir}`,
    'documentdb.maxWriteBatchSize': String(MAX_WRITE_BATCH),
    'documentdb.enableBackgroundWorker': 'off', // it is for background index builds, which the gateway does not use
    // Otherwise a sorted or grouped cursor lives on the connection that opened it, which it would hold until its end.
    'documentdb.useFileBasedPersistedCursors': 'on',
    'documentdb.defaultCursorExpiryTimeLimitSeconds': String(IDLE_CURSOR_MS / 1000),
    // Off, an update or upsert in a collection without statistics reads all of it: 36 ms instead of 1 ms at 20,000 documents.
    'documentdb.enableCompositeIndexPlanner': 'on',
    autovacuum_naptime: '10s', // collections grow from nothing to thousands within a minute here; statistics must follow
    jit: 'off', // compiling costs more than these short statements take
    timezone: 'GMT',
    log_timezone: 'GMT',
    log_min_messages: 'fatal', // a duplicate key is an everyday answer, not news
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** PostgreSQL refuses to run as root. Undefined for everyone else, who run it themselves. */
async function serverUser(dataDir: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = await readFile('/etc/passwd', 'utf8');
  const nobody = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'nobody');
  const [, , uid, gid] = nobody ?? [];
  if (uid === undefined || gid === undefined)
    throw new Error('PostgreSQL cannot run as root, and there is no user nobody');
  return { uid: Number(uid), gid: Number(gid), reachesClosedPaths: !isOpenPath(dataDir) };
}

/** Whether every directory above `path` that exists may be entered by anyone. */
export function isOpenPath(path: string): boolean {
  for (let at = dirname(path); ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Creates the data directory under another name first: one that was interrupted half-way is never taken for whole. */
async function initialise(tree: PackageTree, dataDir: string, durable: boolean, user?: ServerUser): Promise<void> {
  const unfinished = `${dataDir}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  if (user !== undefined) await chown(unfinished, user.uid, user.gid);
  const options = ['-U', 'postgres', '-A', 'trust', '--no-locale', '-E', 'UTF8', '--no-instructions'];
  const args = ['-D', unfinished, ...options, ...(durable ? [] : ['--no-sync'])];
  await run(...commandLine(tree.initdb, args, { user }));
  await rename(unfinished, dataDir);
}

async function acceptsConnections(socketDir: string): Promise<boolean> {
  const client = connection(socketDir);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** Installs the extension, or brings it to the version of the unpacked packages. */
async function setUp(socketDir: string): Promise<void> {
  const client = connection(socketDir);
  await client.connect();
  try {
    await client.query('create extension if not exists documentdb cascade');
    await client.query('alter extension documentdb_core update');
    await client.query('alter extension documentdb update');
    // These poll for background index builds every two seconds; the gateway builds indexes at once instead.
    await client.query(
      "select cron.alter_job(jobid, schedule := '10 seconds') from cron.job where jobname = 'documentdb_ttl_task'",
    );
    await client.query("select cron.unschedule(jobid) from cron.job where jobname like 'documentdb_index_build_task%'");
  } finally {
    await client.end();
  }
}

function connection(socketDir: string): Client {
  return new Client({ host: socketDir, user: 'postgres', database: 'postgres', connectionTimeoutMillis: 5000 });
}
