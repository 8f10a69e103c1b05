import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoDBContainer } from '@testcontainers/mongodb';
import { RedisContainer } from '@testcontainers/redis';
import { getContainerRuntimeClient } from 'testcontainers';
import type { TestProject } from 'vitest/node';
import { startLocalStack } from '../../src/local-stack/index.ts';
import { identify, isAlive } from '../../src/local-stack/process-identity.ts';
import { readState, reap } from '../../src/local-stack/state-file.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string;
    mongoUri: string;
    /** Neither the environment nor containers serve: the run uses what the local stack starts. */
    usesLocalStack: boolean;
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEST_DATA = join(ROOT, '.khabar/test');

/** Redis and MongoDB for the integration tests: those of the environment, containers, or the local stack. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildWhatRunsAsProcess();
  await removeLeftOvers();
  const containers = await startContainers();
  const stack = await startLocalStack({
    dataDir: join(TEST_DATA, String(process.pid)),
    purpose: 'test',
    env: { ...process.env, ...containers.env },
    log: (line) => console.log(line),
  });
  const servers = containers.servers.length > 0 ? containers.servers : stack.servers;
  console.log(`Tests use ${servers.join('; ')}`);
  project.provide('redisUrl', stack.redisUrl);
  project.provide('mongoUri', stack.mongoUri);
  project.provide(
    'usesLocalStack',
    !process.env.REDIS_URL && !process.env.MONGODB_URI && containers.servers.length === 0,
  );
  return async () => {
    await stack.stop();
    await containers.stop();
  };
}

/** The gateway runs from `dist/`; `npm test` has just built it, a bare `vitest` may not have. */
function buildWhatRunsAsProcess(): void {
  const isStale = (source: string) => {
    const built = join(ROOT, 'dist', source.replace(/^src\//, '').replace(/\.ts$/, '.js'));
    return !existsSync(built) || statSync(built).mtimeMs < statSync(join(ROOT, source)).mtimeMs;
  };
  const sources = readdirSync(join(ROOT, 'src/local-stack'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src/local-stack', name));
  if (!sources.some(isStale)) return;
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Ends and removes what test runs left behind that were killed. */
async function removeLeftOvers(): Promise<void> {
  if (!existsSync(TEST_DATA)) return;
  for (const name of readdirSync(TEST_DATA)) {
    const stateFile = join(TEST_DATA, name, 'stack.json');
    const state = readState(stateFile);
    if (state === undefined ? identify(Number(name)) !== undefined : isAlive(state.owner)) continue;
    if (state !== undefined) await reap(stateFile, state);
    rmSync(join(TEST_DATA, name), { recursive: true, force: true });
  }
}

/** Redis and MongoDB in containers, for what the environment does not name, when a Docker engine answers. */
async function startContainers() {
  const env: NodeJS.ProcessEnv = {};
  const servers: string[] = [];
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    await Promise.all(stops.map((stopOne) => stopOne()));
  };
  if (!(await dockerAnswers())) return { env, servers, stop };
  if (!process.env.REDIS_URL) {
    const redis = await new RedisContainer('redis:8').start();
    stops.push(() => redis.stop());
    env.REDIS_URL = redis.getConnectionUrl();
    servers.push('Redis: redis:8 in a container');
  }
  if (!process.env.MONGODB_URI) {
    const mongo = await new MongoDBContainer('mongo:8').start();
    stops.push(() => mongo.stop());
    env.MONGODB_URI = `${mongo.getConnectionString()}/?directConnection=true`;
    servers.push('MongoDB: mongo:8 in a container');
  }
  return { env, servers, stop };
}

async function dockerAnswers(): Promise<boolean> {
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}
