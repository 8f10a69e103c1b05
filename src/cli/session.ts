import { startLocalStack } from '../local-stack/index.ts';
import { openService, type Service } from '../service.ts';
import { type Config, loadConfig } from '../shared/config.ts';
import { createLogger, type Logger } from '../shared/logger.ts';
import { openStores, type Stores } from '../shared/stores/database.ts';
import { CommandError } from './command-error.ts';

export type Environment = Record<string, string | undefined>;

/** Options with both URLs known: given, or those of the local stack. */
export type Connected = Config & { REDIS_URL: string; MONGODB_URI: string };

export interface Session {
  config: Connected;
  log: Logger;
  /** One line per server: which it is and where it came from. */
  servers: string[];
  close(): Promise<void>;
}

export interface SessionOptions {
  purpose: 'service' | 'demo';
  /** Where a person reads what takes long, such as the first start of a local server. */
  say(line: string): void;
  log?: Logger;
}

/** Reads the configuration and finds Redis and MongoDB: by URL where given, else on this machine. */
export async function openSession(env: Environment, options: SessionOptions): Promise<Session> {
  const config = loadConfig(env);
  const log = options.log ?? createLogger(config.KHABAR_LOG_LEVEL);
  const stack = await startLocalStack({
    dataDir: config.KHABAR_DATA_DIR,
    purpose: options.purpose,
    env,
    log: options.say,
  });
  return {
    config: { ...config, REDIS_URL: stack.redisUrl, MONGODB_URI: stack.mongoUri },
    log,
    servers: stack.servers,
    close: () => stack.stop(),
  };
}

/** Runs a command that needs only the database, and closes everything after it. */
export async function withStores<T>(
  env: Environment,
  say: (line: string) => void,
  work: (stores: Stores, config: Connected) => Promise<T>,
): Promise<T> {
  const session = await openSession(env, { purpose: 'service', say });
  try {
    const stores = await openStores(session.config.MONGODB_URI, session.config.MONGODB_DATABASE);
    try {
      return await work(stores, session.config);
    } finally {
      await stores.close();
    }
  } finally {
    await session.close();
  }
}

/** Runs a command that needs the queues as well, and closes everything after it. */
export async function withService<T>(
  env: Environment,
  options: SessionOptions,
  work: (service: Service, session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(env, options);
  try {
    let giveUp: (reason: Error) => void = () => {};
    const hopeless = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    hopeless.catch(() => {}); // heard by the race below, if work is still under way then
    const service = await openService(session.config, session.log, (stage) =>
      giveUp(new CommandError(`the ${stage} worker has stopped pulling jobs; run the command again`)),
    );
    try {
      return await Promise.race([work(service, session), hopeless]);
    } finally {
      await service.stop();
    }
  } finally {
    await session.close();
  }
}
