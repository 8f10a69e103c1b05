import { z } from 'zod';

/** A whole number read from the environment, with bounds that are printed when it is outside them. */
const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

export const STAGES = [
  'poll-feed',
  'fetch-article',
  'extract-article',
  'dedupe',
  'extract-entities',
  'publish-article',
] as const;
export type StageName = (typeof STAGES)[number];

/** What one process may do: any stage, the scheduler (feeds due, reconciler) and the dashboard. */
export const ROLES = [...STAGES, 'scheduler', 'dashboard'] as const;
export type Role = (typeof ROLES)[number];

const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Every option of the service, read from the environment and nowhere else. The descriptions are the README's table;
 * a test keeps the two the same.
 */
export const configSchema = z
  .object({
    REDIS_URL: z
      .url({ protocol: /^rediss?$/ })
      .optional()
      .describe('Redis 7 or newer. Without it a local Redis is found or started.'),
    MONGODB_URI: z
      .string()
      .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://')
      .optional()
      .describe('MongoDB 7 or newer. Without it a local server is found or started.'),
    MONGODB_DATABASE: z
      .string()
      .regex(/^[\w-]{1,60}$/)
      .default('khabar')
      .describe('Name of the database.'),
    KHABAR_QUEUE_PREFIX: z
      .string()
      .regex(/^[\w-]{1,60}$/)
      .default('khabar')
      .describe('Prefix of every Redis key.'),
    KHABAR_ROLES: list
      .pipe(z.array(z.enum(ROLES)).min(1))
      .default([...ROLES])
      .describe('What this process does, comma-separated: stages, `scheduler`, `dashboard`. Default: all.'),
    KHABAR_HOST: z.string().min(1).default('127.0.0.1').describe('Address the dashboard binds to.'),
    KHABAR_PORT: integer(0, 65_535).default(8080).describe('Port of the dashboard; 0 takes a free one.'),
    KHABAR_TOKEN: z
      .string()
      .min(16, 'must have at least 16 characters')
      .optional()
      .describe('Secret that every page and call then needs. Required when KHABAR_HOST is not loopback.'),
    KHABAR_PUBLIC_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where hubs on the web reach the dashboard. With it, feeds that name a WebSub hub are pushed.'),
    KHABAR_CONTACT_URL: z
      .url({ protocol: /^(https?|mailto)$/ })
      .default('https://khabar.example/bot')
      .describe('Where publishers reach you; part of the User-Agent.'),
    KHABAR_ALLOW_ADDRESSES: list
      .default([])
      .describe('Private addresses that may be fetched all the same: IPs, CIDR ranges or host:port, comma-separated.'),
    KHABAR_HOST_SPACING_MS: integer(0, 600_000)
      .default(1000)
      .describe('Least milliseconds between two requests to one site, over all processes.'),
    KHABAR_HOST_CONCURRENCY: integer(1, 64)
      .default(2)
      .describe('Most requests in flight to one site, over all processes.'),
    KHABAR_FETCH_DEADLINE_MS: integer(100, 300_000)
      .default(30_000)
      .describe('Total time of one request: DNS, connecting, redirects and body.'),
    KHABAR_MAX_BODY_BYTES: integer(1024, 100_000_000).default(15_000_000).describe('Largest decompressed body.'),
    KHABAR_FEED_DAILY_ENTRIES: integer(1, 1_000_000)
      .default(5_000)
      .describe('New entries taken of one feed on one UTC day; the others wait for the next.'),
    KHABAR_MIN_TEXT_CHARS: integer(0, 10_000)
      .default(120)
      .describe('An article with less text than this ends as `too-short`.'),
    KHABAR_SITE_RULES: z
      .string()
      .optional()
      .describe('Folder of site rules of your own; see data/site-rules/README.md.'),
    KHABAR_PAGE_TTL_DAYS: integer(1, 3650).default(30).describe('Days a raw page is kept for replay.'),
    KHABAR_THREADS: integer(1, 64).default(2).describe('Worker threads for parsing, extraction and entities.'),
    KHABAR_TASK_TIMEOUT_MS: integer(100, 120_000)
      .default(10_000)
      .describe('Longest a parsing task may take before its thread is ended and the item quarantined.'),
    KHABAR_TASK_MEMORY_MB: integer(64, 8192).default(512).describe('Heap limit of one worker thread.'),
    KHABAR_NER_ONNX: list
      .pipe(z.array(z.string().regex(/^[a-z]{2,3}=.+$/, 'must be language=folder')))
      .default([])
      .describe(
        'Taggers of your own as language=folder, comma-separated; each with model.onnx, tokenizer.json and config.json.',
      ),
    KHABAR_RECONCILE_AFTER_MS: integer(1000, 86_400_000)
      .default(300_000)
      .describe('An unfinished article that has not moved for this long is enqueued again.'),
    KHABAR_RETRY_MS: integer(1, 3_600_000)
      .default(15_000)
      .describe('First wait before a failed job is tried again; it doubles each time. Pages are asked for 8 times.'),
    KHABAR_LOCK_MS: integer(1000, 600_000)
      .default(30_000)
      .describe('How long a job belongs to a worker that has gone silent.'),
    KHABAR_DRAIN_MS: integer(0, 600_000).default(20_000).describe('Longest a shutdown waits for running jobs.'),
    KHABAR_DATA_DIR: z.string().min(1).default('.khabar').describe('Data of the local Redis and MongoDB.'),
    KHABAR_LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info')
      .describe('Least severe log line that is written.'),
  })
  .refine((c) => LOOPBACK_HOSTS.has(c.KHABAR_HOST) || c.KHABAR_TOKEN !== undefined, {
    path: ['KHABAR_TOKEN'],
    message: 'is required when KHABAR_HOST is not a loopback address: the dashboard must not be open to a network',
  });

export type Config = Readonly<z.infer<typeof configSchema>>;

/** All that is wrong with the environment, one line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.map((p) => `  ${p}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads the options from `env`. An empty value counts as not given. Throws ConfigError with every problem at once. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([key, value]) => key in configSchema.shape && value !== ''),
  );
  const result = configSchema.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  throw new ConfigError(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

/** The User-Agent of every request: honest, with a way to reach the operator. */
export function userAgent(config: Config): string {
  return `Khabar/0.1 (+${config.KHABAR_CONTACT_URL})`;
}

/** The folders of taggers of the operator's own, by language. */
export function onnxFolders({ KHABAR_NER_ONNX: pairs }: Pick<Config, 'KHABAR_NER_ONNX'>): Record<string, string> {
  return Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s)));
}
