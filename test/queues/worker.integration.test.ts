import { once } from 'node:events';
import { Redis } from 'ioredis';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { KEPT_COMPLETED, Producer } from '../../src/queues/producer.ts';
import { createWorker, type Station } from '../../src/queues/worker.ts';
import type { StageName } from '../../src/shared/config.ts';
import { PermanentError, ThrottledError, TransientError } from '../../src/shared/errors.ts';
import { createLogger } from '../../src/shared/logger.ts';
import { Metrics } from '../../src/shared/metrics.ts';
import { defineStage, type QuarantineReason, type StageContext, type StageResult } from '../../src/shared/stage.ts';
import { closeAfterFile } from '../support/closing.ts';
import { testRedisUrl, uniqueName } from '../support/servers.ts';

type Run = (payload: { articleId: string }, context: StageContext) => Promise<StageResult>;

/** A queue with one stage whose run the test writes, on a prefix of its own. */
async function setup(run: Run, { attempts = 2, next = {} }: Partial<Pick<Station<object>, 'attempts' | 'next'>> = {}) {
  const prefix = uniqueName('worker');
  const connection = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  const attemptsOf = { dedupe: attempts, 'extract-entities': 1 } as Record<StageName, number>;
  const producer = new Producer(connection, prefix, attemptsOf, 50);
  const quarantined: QuarantineReason[] = [];
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('debug', { write: (line: string) => void lines.push(JSON.parse(line)) });
  const stage = defineStage<{ articleId: string }, object>({
    name: 'dedupe',
    version: 1,
    payload: z.object({ articleId: z.string().min(2) }),
    run: (payload, _deps, context) => run(payload, context),
    async quarantine(_payload, reason) {
      quarantined.push(reason);
    },
  });
  const metrics = new Metrics();
  const worker = createWorker({
    station: { stage, concurrency: 1, attempts, next },
    deps: {},
    producer,
    connection,
    prefix,
    lockMs: 5_000,
    log,
    metrics,
  });
  closeAfterFile(async () => {
    await worker.close();
    await producer.close();
    connection.disconnect();
  });
  return { producer, worker, quarantined, lines, metrics, queue: producer.queue('dedupe') };
}

describe('worker', () => {
  test('an outcome with a next stage – what was emitted is enqueued there', async () => {
    const { producer, worker } = await setup(async ({ articleId }) => ({ outcome: 'unique', emit: [{ articleId }] }), {
      next: { unique: 'extract-entities' },
    });
    const ended = once(worker, 'completed');
    await producer.enqueue('dedupe', [{ articleId: 'a1' }]);
    await ended;
    const [job] = await producer.queue('extract-entities').getWaiting();
    expect(job?.data).toEqual({ v: 1, articleId: 'a1' });
  });

  test('an outcome without one – an end, whatever is emitted', async () => {
    const { producer, worker, lines } = await setup(async ({ articleId }) => ({
      outcome: 'duplicate',
      emit: [{ articleId }],
    }));
    const ended = once(worker, 'completed');
    await producer.enqueue('dedupe', [{ articleId: 'a1' }]);
    const [job] = await ended;
    expect(job.returnvalue).toEqual({ outcome: 'duplicate' });
    expect(await producer.queue('extract-entities').count()).toBe(0);
    expect(lines.at(-1)).toMatchObject({
      level: 'info',
      msg: 'job done',
      stage: 'dedupe',
      articleId: 'a1',
      outcome: 'duplicate',
      attempt: 1,
    });
  });

  test('TransientError – tried again, then quarantined with its code', async () => {
    const attempts: number[] = [];
    const { producer, worker, quarantined } = await setup(async (_payload, { attempt, lastAttempt }) => {
      attempts.push(lastAttempt ? -attempt : attempt);
      throw new TransientError('HTTP_502', 'bad gateway');
    });
    const ended = once(worker, 'failed');
    await producer.enqueue('dedupe', [{ articleId: 'a1' }]);
    await ended;
    expect(quarantined).toEqual([]);
    await once(worker, 'failed'); // the second try comes seconds later
    expect(attempts).toEqual([1, -2]);
    expect(quarantined).toEqual([{ stage: 'dedupe', code: 'HTTP_502', message: 'bad gateway' }]);
  });

  test('PermanentError – quarantined at the first try, and the job says why', async () => {
    const { producer, worker, quarantined, queue } = await setup(async () => {
      throw new PermanentError('NOT_A_FEED', 'this is a picture');
    });
    const ended = once(worker, 'failed');
    await producer.enqueue('dedupe', [{ articleId: 'a1' }]);
    await ended;
    expect(quarantined).toHaveLength(1);
    const [job] = await queue.getFailed();
    expect(job).toMatchObject({ failedReason: 'NOT_A_FEED: this is a picture', attemptsMade: 1 });
  });

  test('ThrottledError – put off at no cost, and run when its time has come', async () => {
    let runs = 0;
    const { producer, worker, quarantined, lines } = await setup(
      async () => {
        if (++runs < 3) throw new ThrottledError('HOST_BUSY', 'not our turn', 20);
        return { outcome: 'unique' };
      },
      { attempts: 1 },
    );
    const ended = once(worker, 'completed');
    await producer.enqueue('dedupe', [{ articleId: 'a1' }]);
    const [job] = await ended;
    expect(runs).toBe(3);
    expect(job.attemptsMade).toBeLessThanOrEqual(1);
    expect(quarantined).toEqual([]);
    expect(lines.filter(({ msg }) => msg === 'job delayed')).toHaveLength(2);
  });

  test.each([
    ['of another version', { v: 2, articleId: 'a1' }],
    ['without what the stage needs', { v: 1 }],
    ['that the schema refuses', { v: 1, articleId: 'x' }],
  ])('a payload %s – the job is refused, and nothing is put aside for it', async (_case, data) => {
    let runs = 0;
    const { worker, quarantined, queue } = await setup(async () => {
      runs++;
      return { outcome: 'unique' };
    });
    const ended = once(worker, 'failed');
    await queue.add('dedupe', data);
    await ended;
    expect(runs).toBe(0);
    expect(quarantined).toEqual([]);
    const [job] = await queue.getFailed();
    expect(job?.failedReason).toMatch(/^PAYLOAD_INVALID/);
  });

  test('ThrottledError after a wait of days in the queue – put off; after a day of being put off – quarantined', async () => {
    const dayAgo = Date.now() - 25 * 3_600_000;
    const { worker, quarantined, queue } = await setup(async () => {
      throw new ThrottledError('HOST_BUSY', 'not our turn', 60_000);
    });
    await queue.add('dedupe', { v: 1, articleId: 'waited' }, { timestamp: dayAgo });
    await vi.waitFor(async () => expect(await queue.getDelayedCount()).toBe(1));
    expect(quarantined).toEqual([]);
    const ended = once(worker, 'failed');
    await queue.add('dedupe', { v: 1, articleId: 'put off', putOffSince: dayAgo });
    await ended;
    expect(quarantined).toEqual([expect.objectContaining({ code: 'HOST_BUSY' })]);
  });

  test('a bug – logged with its stack, tried again', async () => {
    const { producer, worker, lines } = await setup(async () => {
      throw new TypeError('undefined is not a function');
    });
    const ended = once(worker, 'failed');
    await producer.enqueue('dedupe', [{ articleId: 'a1' }]);
    await ended;
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      code: 'BUG',
      err: { stack: expect.stringContaining('TypeError') },
    });
  });
});

describe('producer', () => {
  test('the same id twice – one job while the first is unfinished, another one after it', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { producer, worker, queue } = await setup(async () => {
      await held;
      return { outcome: 'unique' };
    });
    const ended = once(worker, 'active');
    await producer.enqueue('dedupe', [{ articleId: 'a1' }]);
    await ended;
    await producer.enqueue('dedupe', [{ articleId: 'a1' }, { articleId: 'a1' }]);
    expect(await queue.getWaitingCount()).toBe(0);
    const done = once(worker, 'completed');
    release();
    await done;
    const again = once(worker, 'completed');
    await producer.enqueue('dedupe', [{ articleId: 'a1' }]);
    await again;
    expect(await queue.getCompletedCount()).toBe(2);
    expect(KEPT_COMPLETED).toBeGreaterThan(100);
  });

  test('the replay lane waits behind live work', async () => {
    const order: string[] = [];
    const { producer, worker, queue } = await setup(async ({ articleId }, { replay }) => {
      order.push(`${articleId}${replay ? ' replayed' : ''}`);
      return { outcome: 'unique' };
    });
    const allDone = new Promise<void>((resolve) => {
      worker.on('completed', () => order.length === 3 && resolve());
    });
    await queue.pause();
    await producer.enqueue('dedupe', [{ articleId: 'old' }], { replay: true });
    await producer.enqueue('dedupe', [{ articleId: 'n1' }, { articleId: 'n2' }]);
    await queue.resume();
    await allDone;
    expect(order).toEqual(['n1', 'n2', 'old replayed']);
  });
});
