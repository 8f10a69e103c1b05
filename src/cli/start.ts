import { startDashboard } from '../dashboard/index.ts';
import { openService } from '../service.ts';
import { CommandError } from './command-error.ts';
import { openSession } from './session.ts';
import { type Terminal, untilStopped } from './terminal.ts';

/** The service, until a signal ends it. */
export async function start({ env, stderr, signal }: Terminal, { roles }: { roles?: string }): Promise<void> {
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
