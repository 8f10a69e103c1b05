import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, type Launcher } from './child-server.ts';
import { run } from './command.ts';
import { pingMongo } from './documentdb/ping.ts';

const READY_MS = 60_000;

/** Starts the mongod at `binary` on a free loopback port with its data in `dataDir`. Returns its URI. */
export async function startMongod(options: {
  binary: string;
  dataDir: string;
  logDir: string;
  launch: Launcher;
}): Promise<string> {
  mkdirSync(options.dataDir, { recursive: true });
  const port = await freePort();
  const server = options.launch({
    name: 'mongod',
    command: options.binary,
    args: ['--dbpath', options.dataDir, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket', '--quiet'],
    logFile: join(options.logDir, 'mongod.log'),
    stopSignal: 'SIGTERM',
  });
  await server.waitUntil(() => pingMongo(port), READY_MS);
  return `mongodb://127.0.0.1:${port}`;
}

/**
 * The path of a mongod that mongodb-memory-server keeps in `cacheDir`, downloaded when there is none. In a process of its
 * own, because its download cannot be called off otherwise. Throws when there is no download for this machine, the network
 * refuses, or it takes longer than `timeoutMs`.
 */
export async function downloadMongod(cacheDir: string, timeoutMs: number): Promise<string> {
  const script = `
    import { MongoBinary } from 'mongodb-memory-server-core';
    const found = await MongoBinary.getPath({ downloadDir: process.argv[1] }).then(
      (path) => ({ path }),
      (error) => ({ problem: error.message.split(/,? Details:|\\n/, 1)[0] }),
    );
    console.log(JSON.stringify(found));`;
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const env = { ...process.env, MONGOMS_MAX_RETRIES: '1' };
  const output = await run(process.execPath, ['--input-type=module', '--eval', script, cacheDir], {
    cwd,
    env,
    timeoutMs,
  });
  const found = JSON.parse(output.slice(output.lastIndexOf('\n', output.length - 2) + 1));
  if (found.path === undefined) throw new Error(`it could not be downloaded: ${found.problem}`);
  return found.path;
}
