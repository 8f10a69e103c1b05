import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDashboard } from '../dashboard/index.ts';
import { startNewsstand } from '../newsstand/index.ts';
import { createLogger } from '../shared/logger.ts';
import { createProgress } from './progress.ts';
import { drainOnce } from './run-once.ts';
import { withService } from './session.ts';
import { tellSummary } from './summary.ts';
import { type Terminal, untilStopped } from './terminal.ts';

/**
 * The main job before one's eyes: local servers, made-up outlets, the whole line, a summary. On a terminal the
 * dashboard stays until Ctrl-C; elsewhere the command ends.
 */
export async function demo(
  { env, stdout, stderr, signal }: Terminal,
  { articles }: { articles: number },
): Promise<void> {
  const say = (line: string) => stdout.write(`${line}\n`);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'khabar-demo-'));
  say('Khabar demo: a web of made-up news outlets on this machine, read by the whole line.\n');
  try {
    const log = createLogger(env.KHABAR_LOG_LEVEL ?? 'silent', stderr);
    // The outlets are on loopback and ours: they may be fetched, and need no pause between requests.
    const settings = {
      KHABAR_ALLOW_ADDRESSES: '127.0.0.1',
      KHABAR_HOST_SPACING_MS: '0',
      KHABAR_HOST_CONCURRENCY: '8',
      KHABAR_DATA_DIR: dataDir,
      KHABAR_PORT: '0',
      KHABAR_RETRY_MS: '250',
      MONGODB_DATABASE: `khabar_demo_${path.basename(dataDir).slice(-6)}`,
      KHABAR_QUEUE_PREFIX: `demo-${path.basename(dataDir).slice(-6)}`,
    };
    await withService({ ...env, ...settings }, { purpose: 'demo', say, log }, async (service, { servers }) => {
      for (const server of servers) say(`  ${server}`);
      const stand = await startNewsstand({ articles });
      const dashboard = await startDashboard(service);
      try {
        say(`  Newsstand: ${stand.outlets.length} outlets, ${stand.articles.length} articles at ${stand.url}\n`);
        for (const { feedUrl, name, siteUrl } of stand.outlets) {
          await service.stores.feeds.add({ url: feedUrl, title: name, siteUrl, folders: [] }, new Date());
        }
        const summary = await drainOnce(service, createProgress(stdout), signal);
        for (const line of await tellSummary(service, summary)) say(line);
        if (stdout.isTTY && !signal.aborted) {
          say(`\nDashboard: ${dashboard.url}   queues: ${dashboard.url}/queues   Ctrl-C ends the demo.`);
          await untilStopped(signal);
        } else {
          say(
            '\nOn a terminal the demo now keeps its dashboard open. Your own feeds: npx khabar feeds add URL && npm start',
          );
        }
      } finally {
        await dashboard.close();
        await stand.close();
      }
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
