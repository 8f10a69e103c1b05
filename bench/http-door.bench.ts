/**
 * What the door costs: requests per CPU second of this process against undici's own fetch and request, for a feed of
 * about 50 KB from a server in another process. Run: npx tsx bench/http-door.bench.ts
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Agent, request, fetch as undiciFetch } from 'undici';
import { createDoor, createMemoryGate, createRobots } from '../src/shared/http/index.ts';

const REQUESTS = 3_000;
const CONCURRENCY = 16;
const ROUNDS = 3;

if (process.send) await serve();
else await compare();

async function serve(): Promise<void> {
  const items = Array.from({ length: 150 }, (_, i) => {
    const title = `خبر رقم ${i}: افتتاح ${(i * 7919) % 997} مكتبة جديدة في الميناء القديم`;
    return `<item><title>${title}</title><link>https://news.example/${(i * 104_729) % 99_991}</link><description>${title}، وقال مسؤولون إن العمل بدأ منذ ${i % 12} أشهر.</description></item>`;
  });
  const plain = Buffer.from(`<rss version="2.0"><channel><title>أخبار</title>${items.join('\n')}</channel></rss>`);
  const zipped = gzipSync(plain);
  const server = createServer((incoming, response) => {
    if (incoming.url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped);
    else if (incoming.url === '/plain') response.writeHead(200).end(plain);
    else response.writeHead(304).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.((server.address() as AddressInfo).port);
}

async function compare(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url));
  const [port] = (await once(server, 'message')) as [number];
  const origin = `http://127.0.0.1:${port}`;
  const userAgent = 'Khabar/bench (+https://khabar.example/bot)';
  const dispatcher = new Agent({ connections: CONCURRENCY });
  const allowAddresses = ['127.0.0.1'];
  const bare = createDoor({ userAgent, allowAddresses });
  const polite = createDoor({
    userAgent,
    allowAddresses,
    gate: createMemoryGate({ rules: { spacingMs: 0, inFlight: CONCURRENCY } }),
    robots: createRobots({ userAgent }),
  });
  const ways: [string, (url: string) => Promise<unknown>][] = [
    ['undici fetch', async (url) => (await undiciFetch(url, { dispatcher })).arrayBuffer()],
    ['undici request, not decoded', async (url) => (await request(url, { dispatcher })).body.arrayBuffer()],
    ['door', (url) => bare.fetch(url, { purpose: 'feed' })],
    ['door with gate and robots.txt', (url) => polite.fetch(url, { purpose: 'feed', checkRobots: true })],
  ];
  for (const path of ['/plain', '/gzip', '/unchanged']) {
    const best = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, get] of ways) {
        const rate = await requestsPerCpuSecond(() => get(origin + path));
        best.set(name, Math.max(best.get(name) ?? 0, rate));
      }
    }
    const base = best.get('undici fetch') ?? 1;
    for (const [name, rate] of best) {
      console.log(
        `${path}  ${name}: ${Math.round(rate)} requests per CPU second, ${(rate / base).toFixed(2)} of fetch`,
      );
    }
  }
  await Promise.all([bare.close(), polite.close(), dispatcher.close()]);
  server.kill();
}

async function requestsPerCpuSecond(get: () => Promise<unknown>): Promise<number> {
  for (let i = 0; i < 200; i++) await get();
  const before = process.cpuUsage();
  let left = REQUESTS;
  const worker = async () => {
    while (left-- > 0) await get();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const { user, system } = process.cpuUsage(before);
  return REQUESTS / ((user + system) / 1e6);
}
