import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { startLocalStack } from '../../src/local-stack/index.ts';
import { isAlive } from '../../src/local-stack/process-identity.ts';
import { readState, type StackState } from '../../src/local-stack/state-file.ts';
import { testMongoUri, testRedisUrl } from '../support/servers.ts';

const BUILT_STACK = fileURLToPath(new URL('../../dist/local-stack/index.js', import.meta.url));
const silent = { log: () => {} };
/** Where Redis alone will do: the MongoDB of the test run stands in. */
const redisOnly = { env: { ...process.env, MONGODB_URI: testMongoUri() }, ...silent };

const children: ChildProcess[] = [];
const directories: string[] = [];

afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function freshDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'khabar-stack-test-'));
  directories.push(directory);
  return directory;
}

/** A process that starts the stack of `dataDir`, says its URLs, and runs until it is told to stop. */
async function startInAnotherProcess(
  dataDir: string,
): Promise<{ child: ChildProcess; redisUrl: string; mongoUri: string; servers: string[] }> {
  const script = `
    import { startLocalStack } from ${JSON.stringify(BUILT_STACK)};
    const stack = await startLocalStack({ dataDir: process.argv[1], purpose: 'service', log: console.error });
    console.log(JSON.stringify(stack));
    process.stdin.resume().once('end', () => stack.stop().then(() => process.exit(0)));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, dataDir], { stdio: 'pipe' });
  children.push(child);
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  for await (const line of createInterface({ input: child.stdout })) return { child, ...JSON.parse(line) };
  throw new Error(`the stack did not start: ${complaints}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function stateOf(dataDir: string): StackState {
  return readState(join(dataDir, 'stack.json')) as StackState;
}

function runningServers(state: StackState): string[] {
  return state.servers.filter((server) => isAlive(server.process)).map((server) => server.name);
}

async function writeMark(stack: { redisUrl: string; mongoUri: string }): Promise<void> {
  const redis = new Redis(stack.redisUrl);
  await redis.set('mark', 'kept');
  await redis.quit();
  const client = await MongoClient.connect(stack.mongoUri);
  await client.db('kept').collection('marks').insertOne({ mark: 'kept' });
  await client.close();
}

async function readMarks(stack: { redisUrl: string; mongoUri: string }): Promise<[string | null, number]> {
  const redis = new Redis(stack.redisUrl, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on('error', () => {});
  const inRedis = await redis.get('mark');
  await redis.quit();
  const client = await MongoClient.connect(stack.mongoUri, { serverSelectionTimeoutMS: 1000 });
  const inMongo = await client.db('kept').collection('marks').countDocuments();
  await client.close();
  return [inRedis, inMongo];
}

test('URLs – of the environment are used as they are, and nothing is started', async () => {
  const dataDir = join(freshDir(), 'unused');
  const env = { REDIS_URL: testRedisUrl(), MONGODB_URI: testMongoUri() };
  const stack = await startLocalStack({ dataDir, purpose: 'service', env, ...silent });
  expect(stack).toMatchObject({ redisUrl: env.REDIS_URL, mongoUri: env.MONGODB_URI });
  await stack.stop();
  expect(existsSync(dataDir)).toBe(false);
});

describe.runIf(inject('usesLocalStack'))('servers of our own', { timeout: 120_000 }, () => {
  test('stop and start – data of a service is kept, and its servers are gone in between', async () => {
    const dataDir = freshDir();
    const first = await startLocalStack({ dataDir, purpose: 'service', ...silent });
    const state = stateOf(dataDir);
    await writeMark(first);
    await first.stop();
    expect(runningServers(state)).toEqual([]);
    expect(existsSync(join(dataDir, 'stack.json'))).toBe(false);
    const second = await startLocalStack({ dataDir, purpose: 'service', ...silent });
    expect(await readMarks(second)).toEqual(['kept', 1]);
    await second.stop();
  });

  test('stop – data of a test is removed', async () => {
    const dataDir = freshDir();
    const stack = await startLocalStack({ dataDir, purpose: 'test', ...redisOnly });
    expect(existsSync(dataDir)).toBe(true);
    await stack.stop();
    expect(existsSync(dataDir)).toBe(false);
  });

  test('SIGKILL of the owner – its servers end, and the next start has the data', async () => {
    const dataDir = freshDir();
    const { child, ...urls } = await startInAnotherProcess(dataDir);
    await writeMark(urls);
    const redis = new Redis(urls.redisUrl);
    await redis.config('SET', 'appendfsync', 'always');
    await redis.set('mark', 'kept');
    redis.disconnect();
    const state = stateOf(dataDir);
    expect(runningServers(state).length).toBeGreaterThanOrEqual(2);
    await kill(child);
    await expect.poll(() => runningServers(state), { timeout: 30_000 }).toEqual([]);
    const next = await startLocalStack({ dataDir, purpose: 'service', ...silent });
    expect(await readMarks(next)).toEqual(['kept', 1]);
    await next.stop();
  });

  test('a second process – shares the servers of the first, which stays until it has ended', async () => {
    const dataDir = freshDir();
    const owner = await startInAnotherProcess(dataDir);
    const passing = await startLocalStack({ dataDir, purpose: 'service', ...silent });
    expect(passing).toMatchObject({ redisUrl: owner.redisUrl, mongoUri: owner.mongoUri });
    expect(passing.servers.join()).toContain(`shared with process ${owner.child.pid}`);
    await passing.stop();
    expect(runningServers(stateOf(dataDir)).length).toBeGreaterThanOrEqual(2);

    const guest = await startLocalStack({ dataDir, purpose: 'service', ...silent });
    const said = new Promise<void>((resolve) => {
      let text = '';
      owner.child.stderr?.on('data', (chunk) => {
        text += chunk;
        if (text.includes(`stay until process ${process.pid} has ended`)) resolve();
      });
    });
    owner.child.stdin?.end();
    await said;
    await writeMark(guest);
    await guest.stop();
    await once(owner.child, 'exit');
    expect(existsSync(join(dataDir, 'stack.json'))).toBe(false);
  });

  test('two processes at once – one starts the servers, the other shares them', async () => {
    const dataDir = freshDir();
    const [one, two] = await Promise.all([startInAnotherProcess(dataDir), startInAnotherProcess(dataDir)]);
    expect(one.mongoUri).toBe(two.mongoUri);
    expect(stateOf(dataDir).servers.filter(({ name }) => name === 'Redis').length).toBe(1);
  });

  test('SIGKILL of the servers – they come back at the same addresses with the data', async () => {
    const dataDir = freshDir();
    const lines: string[] = [];
    const stack = await startLocalStack({ dataDir, purpose: 'service', log: (line) => lines.push(line) });
    const redis = new Redis(stack.redisUrl);
    redis.on('error', () => {});
    await redis.config('SET', 'appendfsync', 'always');
    await redis.quit();
    await writeMark(stack);
    const killed = stateOf(dataDir).servers;
    for (const server of killed) process.kill(server.process.pid, 'SIGKILL');
    const marks = () => readMarks(stack).catch(() => 'not yet');
    await expect.poll(marks, { timeout: 60_000 }).toEqual(['kept', 1]);
    expect(lines.filter((line) => line.includes('starting it again')).length).toBeGreaterThanOrEqual(killed.length);
    const restarted = stateOf(dataDir);
    await stack.stop();
    expect(runningServers(restarted)).toEqual([]);
  });

  test('Redis – never evicts, and a service writes its append-only file', async () => {
    const dataDir = freshDir();
    const stack = await startLocalStack({ dataDir, purpose: 'service', ...redisOnly });
    const redis = new Redis(stack.redisUrl);
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await redis.config('GET', 'bind')).toEqual(['bind', '127.0.0.1']);
    await redis.quit();
    await stack.stop();
    expect(readFileSync(join(dataDir, 'logs/redis.log'), 'utf8').length).toBeGreaterThan(0);
  });
});
