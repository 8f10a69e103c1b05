import { Piscina } from 'piscina';
import { ExtractError, FeedError, PermanentError, StageError, TransientError } from '../shared/errors.ts';
import type { TaskAnswer, Tasks } from './tasks.ts';

/** The built file, also when this one runs from source: worker threads of Node 20 do not read TypeScript. */
const TASKS_FILE = new URL('../../dist/workers/tasks.js', import.meta.url).href;

const ERROR_CLASSES = { FeedError, ExtractError, PermanentError, StageError };

export interface TaskPoolOptions {
  threads: number;
  /** Longest a task may run; the thread is ended after that. */
  timeoutMs: number;
  /** Heap of one thread. */
  memoryMb: number;
}

/**
 * Threads for the pure functions that cost CPU, so that the event loop that holds the job locks stays free.
 * A task over its time or memory takes its own thread with it and nothing else.
 */
export class TaskPool {
  readonly #options: TaskPoolOptions;
  readonly #waiting: (() => void)[] = [];
  #pool: Piscina | undefined;
  #free: number;

  constructor(options: TaskPoolOptions) {
    this.#options = options;
    this.#free = options.threads;
  }

  /** Made for the first task: a thread takes half a second of CPU to start, and many a process has no task for it. */
  #open(): Piscina {
    const { threads, memoryMb } = this.#options;
    const pool = new Piscina({
      filename: TASKS_FILE,
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: 60_000,
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 8 },
    });
    pool.on('error', () => {}); // a thread that died: its task's own promise is rejected
    return pool;
  }

  /**
   * Runs a task of `tasks.ts` in a thread. Rejects with what the task threw, or with TransientError TASK_TIMEOUT or PermanentError
   * TASK_OUT_OF_MEMORY when it had to be ended.
   */
  async run<Name extends keyof Tasks>(
    name: Name,
    ...args: Parameters<Tasks[Name]>
  ): Promise<Awaited<ReturnType<Tasks[Name]>>> {
    await this.#enter();
    // The clock starts here, when a thread is free: waiting in line is no fault of the task.
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    try {
      this.#pool ??= this.#open();
      const answer = (await this.#pool.run({ name, args }, { signal: timeout })) as TaskAnswer;
      if (answer.ok) return answer.value as Awaited<ReturnType<Tasks[Name]>>;
      const { kind, code, message, stack } = answer;
      if (kind === undefined) throw Object.assign(new Error(message), { stack });
      throw new ERROR_CLASSES[kind](code, message);
    } catch (error) {
      if (timeout.aborted) {
        // A machine under load is slow too, so the task gets its other attempts before the item is put aside.
        throw new TransientError(
          'TASK_TIMEOUT',
          `${name} took longer than ${this.#options.timeoutMs} ms and was ended`,
        );
      }
      if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
        throw new PermanentError('TASK_OUT_OF_MEMORY', `${name} needed more memory than a task may use`, {
          cause: error,
        });
      }
      throw error;
    } finally {
      this.#leave();
    }
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
