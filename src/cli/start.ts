import { existsSync } from 'node:fs';
import { startDashboard } from '../dashboard/index.ts';
import { openService } from '../service.ts';
import { CommandError } from './command-error.ts';
import { readOpml, subscribe } from './feeds.ts';
import { openSession } from './session.ts';
import { type Terminal, untilStopped } from './terminal.ts';

/** Subscriptions beside the service: read at every start, so that a line added to the file is a feed added. */
const FEEDS_FILE = 'feeds.opml';

/** The service, until a signal ends it. */
export async function start(terminal: Terminal, { roles }: { roles?: string }): Promise<void> {
  const { env, stderr, signal } = terminal;
  const list = existsSync(FEEDS_FILE) ? await readOpml(terminal, FEEDS_FILE) : [];
  const session = await openSession(
    { ...env, ...(roles !== undefined && { KHABAR_ROLES: roles }) },
    { purpose: 'service', say: (line) => stderr.write(`${line}\n`) },
  );
  const { config, log, servers } = session;
  try {
    let hopeless: string | undefined;
    const failed = new AbortController();
    const service = await openService(config, log, (stage) => {
      hopeless = stage;
      failed.abort();
    });
    const dashboard = config.KHABAR_ROLES.includes('dashboard') ? await startDashboard(service) : undefined;
    if (list.length > 0) await subscribe({ stdout: stderr }, service.stores, list);
    if ((await service.stores.feeds.count()) === 0) {
      stderr.write(`No feeds yet: khabar feeds add URL, or put a ${FEEDS_FILE} here and start again.\n`);
    }
    if (dashboard) stderr.write(`Dashboard: ${dashboard.url}\n`);
    service.start();
    log.info({ servers, roles: config.KHABAR_ROLES, dashboard: dashboard?.url }, 'khabar is running');
    await untilStopped(AbortSignal.any([signal, failed.signal]));
    log.info('shutting down');
    await dashboard?.close();
    await service.stop();
    if (hopeless) throw new CommandError(`the ${hopeless} worker has stopped pulling jobs; start the service again`);
    log.info('stopped');
  } finally {
    await session.close();
  }
}
