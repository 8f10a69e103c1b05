import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, type Launcher } from './child-server.ts';

const READY_MS = 60_000;

/**
 * Starts the Redis or Valkey at `binary` on a free loopback port with its data in `dataDir`. It never evicts (a queue's
 * keys are not a cache); with `durable` every write goes to the append-only file, synced each second.
 */
export async function startRedis(options: {
  binary: string;
  dataDir: string;
  logDir: string;
  durable: boolean;
  launch: Launcher;
}): Promise<string> {
  mkdirSync(options.dataDir, { recursive: true });
  const port = await freePort();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: options.dataDir,
    save: '',
    appendonly: options.durable ? 'yes' : 'no',
    'maxmemory-policy': 'noeviction',
    'lazyfree-lazy-expire': 'yes',
    daemonize: 'no',
  };
  const server = options.launch({
    name: 'Redis',
    command: options.binary,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    logFile: join(options.logDir, 'redis.log'),
    stopSignal: 'SIGTERM',
  });
  await server.waitUntil(() => answersPing(port), READY_MS);
  return `redis://127.0.0.1:${port}`;
}

/** Whether a Redis on that port answers PING; one that still loads its data answers -LOADING. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      resolve(reply.toString('latin1').startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.setTimeout(1000, () => socket.destroy());
  });
}
