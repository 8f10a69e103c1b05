import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, type Launcher } from '../child-server.ts';
import { providePackageTree } from './package-tree.ts';
import { pingMongo } from './ping.ts';
import { startPostgres } from './postgres.ts';

export { whyNoPackages } from './package-tree.ts';

const READY_MS = 30_000;

/**
 * Starts DocumentDB on the data in `dataDir` and the gateway that makes it a MongoDB server. The packages are unpacked
 * into `treeDir` first when they are not there. `socketDir` is a temporary directory to remove once both have stopped.
 */
export async function startDocumentDb(options: {
  treeDir: string;
  dataDir: string;
  logDir: string;
  durable: boolean;
  launch: Launcher;
  log(line: string): void;
}): Promise<{ uri: string; socketDir: string }> {
  const { treeDir, dataDir, logDir, durable, launch, log } = options;
  const tree = await providePackageTree(treeDir, log);
  const socketDir = await startPostgres({ tree, dataDir, logFile: join(logDir, 'postgresql.log'), durable, launch });
  const port = await freePort();
  const gateway = launch({
    name: 'the DocumentDB gateway',
    command: process.execPath,
    args: [gatewayScript(), socketDir, String(port)],
    logFile: join(logDir, 'gateway.log'),
    stopSignal: 'SIGTERM',
    watchesStdin: true,
  });
  await gateway.waitUntil(() => pingMongo(port), READY_MS);
  return { uri: `mongodb://127.0.0.1:${port}`, socketDir };
}

/** Node runs JavaScript, so when this file is run from its TypeScript source (by the tests), the built gateway is taken. */
function gatewayScript(): string {
  const here = import.meta.url;
  const built = here.endsWith('.ts') ? here.replace('/src/local-stack/', '/dist/local-stack/') : here;
  return fileURLToPath(new URL('./gateway-process.js', built));
}
