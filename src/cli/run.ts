import { createLogger } from '../shared/logger.ts';
import { readOpml, subscribe } from './feeds.ts';
import { createProgress, silentProgress } from './progress.ts';
import { drainOnce } from './run-once.ts';
import { withService } from './session.ts';
import { tellSummary } from './summary.ts';
import type { Terminal } from './terminal.ts';

/** `khabar run --once`: poll, drain, sum up. With `--json` standard output holds nothing but the summary. */
export async function runOnce(terminal: Terminal, { opml, json }: { opml?: string; json?: boolean }): Promise<void> {
  const { env, stdout, stderr, signal } = terminal;
  const list = opml === undefined ? [] : await readOpml(terminal, opml);
  const log = createLogger(env.KHABAR_LOG_LEVEL ?? 'silent', stderr);
  // Somebody waits for the end: what does not work within half a minute is put aside.
  await withService(
    { KHABAR_RETRY_MS: '250', ...env },
    { purpose: 'service', say: (line) => stderr.write(`${line}\n`), log },
    async (service) => {
      if (list.length > 0) await subscribe({ stdout: json ? stderr : stdout }, service.stores, list);
      const summary = await drainOnce(service, json ? silentProgress : createProgress(stdout), signal);
      stdout.write(json ? `${JSON.stringify(summary)}\n` : `${(await tellSummary(service, summary)).join('\n')}\n`);
    },
  );
}
