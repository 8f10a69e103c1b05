import { STAGE_AFTER } from '../queues/scheduler.ts';
import { CommandError } from './command-error.ts';
import { withStores } from './session.ts';
import type { Terminal } from './terminal.ts';

const sayTo =
  ({ stderr }: Terminal) =>
  (line: string) =>
    stderr.write(`${line}\n`);

export async function list(terminal: Terminal, { json, limit }: { json?: boolean; limit: number }): Promise<void> {
  const articles = await withStores(terminal.env, sayTo(terminal), ({ catalog }) => catalog.quarantined({ limit }));
  for (const { _id, url, quarantine } of articles) {
    const line = json
      ? JSON.stringify({ id: _id, url, ...quarantine })
      : `${_id}  ${quarantine?.stage}  ${quarantine?.code}  ${quarantine?.at.toISOString()}\n  ${url}\n  ${quarantine?.message}`;
    terminal.stdout.write(`${line}\n`);
  }
  if (articles.length === 0 && !json) terminal.stdout.write('the quarantine is empty\n');
}

/** Puts articles back where they stood, due at once: a running service (or the next run) takes them up. */
export async function retry(
  terminal: Terminal,
  ids: readonly string[],
  { all, code }: { all?: boolean; code?: string },
): Promise<void> {
  if (ids.length === 0 && !all && !code) throw new CommandError('name articles, or say --all or --code CODE');
  await withStores(terminal.env, sayTo(terminal), async ({ articles, catalog }) => {
    const chosen = ids.length > 0 ? ids : (await catalog.quarantined({ code, limit: 100_000 })).map(({ _id }) => _id);
    const stages = new Map<string, number>();
    for (const id of chosen) {
      const now = new Date();
      const state = await articles.release(id, now, now);
      if (!state) throw new CommandError(`${id} is not in quarantine`);
      const stage = STAGE_AFTER[state] ?? state;
      stages.set(stage, (stages.get(stage) ?? 0) + 1);
    }
    const where = [...stages].map(([stage, count]) => `${count} at ${stage}`).join(', ');
    terminal.stdout.write(chosen.length ? `put back: ${where}\n` : 'nothing to put back\n');
  });
}
