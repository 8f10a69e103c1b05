import { Redis } from 'ioredis';
import { ThrottledError } from '../shared/errors.ts';

/**
 * A server that leaves a command unanswered for so long is taken for gone and dialled anew: a machine that vanished, or a firewall that forgot
 * the connection, closes nothing, and the system would wait for a quarter of an hour. More than BullMQ blocks a connection, which is 10 s.
 */
const SILENT_MS = 20_000;

/**
 * Connections to Redis. Blocking workers must wait for as long as it takes; everything else should rather hear at once
 * that Redis is away than wait in a queue of its own that a crash would lose.
 */
export function connectRedis(url: string, use: 'worker' | 'producer', silentMs = SILENT_MS): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: use === 'worker' ? null : 1,
    enableOfflineQueue: use === 'worker',
    connectTimeout: 5_000,
    socketTimeout: silentMs,
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000),
  });
  // Without a listener a lost connection would end the process; /readyz and the failing jobs tell of it.
  redis.on('error', () => {});
  return redis;
}

/** Resolves once the connection can be used; rejects with the server's answer after `timeoutMs`. */
export async function whenReady(redis: Redis, timeoutMs = 10_000): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => done(new Error(`Redis did not answer within ${timeoutMs} ms`)), timeoutMs);
    const done = (error?: Error) => {
      clearTimeout(timer);
      redis.off('ready', onReady);
      if (error) reject(error);
      else resolve();
    };
    const onReady = () => done();
    redis.once('ready', onReady);
  });
}

/** What a server answers that cannot take any command now: it starts, is a replica, is full, cannot save, waits for a script. */
const AWAY_REPLY = /^(?:LOADING|READONLY|OOM|MISCONF|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|UNBLOCKED)\b/;

/** What ioredis says when there is no server to ask. */
const AWAY_MESSAGE =
  /^(?:Connection is closed|Stream isn't writeable|Socket timeout|Reached the max retries per request|(?:connect|read|write) E[A-Z]+)/;

/**
 * The error to throw instead when Redis is away: like explainStoreError, the work is put off without costing an attempt. Any other error comes back
 * as it is.
 */
export function explainQueueError(error: unknown): unknown {
  const away = error instanceof Error && (error.name === 'ReplyError' ? AWAY_REPLY : AWAY_MESSAGE).test(error.message);
  return away ? new ThrottledError('STORE_DOWN', 'Redis does not answer', 3_000, { cause: error }) : error;
}

/** What this Redis may drop when it is full (`maxmemory-policy`); undefined when it would rather refuse writes, as it must. */
export async function evictionPolicy(redis: Redis): Promise<string | undefined> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  return policy === 'noeviction' ? undefined : policy;
}
