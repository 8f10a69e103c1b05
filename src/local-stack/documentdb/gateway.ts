import { createServer, type Server, type Socket } from 'node:net';
import { serialize } from 'bson';
import { Pool } from 'pg';
import { CommandRunner, POOL_SIZE } from './commands.ts';
import { errorReply } from './errors.ts';
import { encodeReply, MessageReader, parseRequest, type Request } from './wire.ts';

const IDLE_SWEEP_MS = 30_000;

export interface Gateway {
  /** The loopback port it listens on. */
  port: number;
  close(): Promise<void>;
}

/**
 * Speaks MongoDB's wire protocol on a loopback port in front of a PostgreSQL with the documentdb extension.
 * Requests of one connection are answered in order, those of different connections side by side.
 * `socketDir` holds PostgreSQL's Unix socket; `port` 0 takes a free one. No authentication: loopback only.
 */
export async function startGateway(options: {
  socketDir: string;
  port: number;
  onError(error: unknown): void;
}): Promise<Gateway> {
  const pool = new Pool({
    host: options.socketDir,
    user: 'postgres',
    database: 'postgres',
    max: POOL_SIZE,
    idleTimeoutMillis: 300_000,
  });
  pool.on('error', options.onError);
  const runner = new CommandRunner(pool);
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(socket, connections, runner).catch(options.onError);
  });
  const port = await listen(server, options.port);
  const sweep = setInterval(() => runner.closeIdleCursors().catch(options.onError), IDLE_SWEEP_MS);

  return {
    port,
    async close() {
      clearInterval(sweep);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      await pool.end();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

/** Resolves when the client has gone. Rejects only on a bug; a client that breaks the protocol loses its connection. */
async function serveConnection(socket: Socket, connectionId: number, runner: CommandRunner): Promise<void> {
  const gone = new AbortController();
  const reader = new MessageReader();
  const waiting: Request[] = [];
  let answering = false;
  let replyId = 0;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => gone.abort());

  const answerWaiting = async () => {
    answering = true;
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      const reply = await answer(runner, request, connectionId, gone.signal);
      if (socket.destroyed) break;
      replyId = (replyId + 1) & 0x7fffffff;
      if (!request.noReply) socket.write(encodeReply(request, replyId, reply));
    }
    answering = false;
    socket.resume();
  };

  return new Promise((resolve, reject) => {
    socket.on('close', () => resolve());
    socket.on('data', (chunk) => {
      try {
        waiting.push(...reader.push(chunk).map(parseRequest));
      } catch {
        socket.destroy();
        return;
      }
      // A client that sends faster than it is answered waits in its own socket, not in our memory.
      if (waiting.length > 0) socket.pause();
      if (!answering && waiting.length > 0) answerWaiting().catch(reject);
    });
  });
}

async function answer(runner: CommandRunner, request: Request, connectionId: number, signal: AbortSignal) {
  try {
    return await runner.run(request, connectionId, signal);
  } catch (error) {
    return serialize(errorReply(error));
  }
}
