import { STAGE_AFTER } from '../queues/scheduler.ts';
import type { ArticleState } from '../shared/model.ts';
import type { ArticleStore } from '../shared/stores/articles.ts';
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
  await withStores(terminal.env, sayTo(terminal), async ({ articles }) => {
    const now = new Date();
    const released = ids.length > 0 ? await releaseEach(articles, ids, now) : await articles.releaseAll(code, now, now);
    const where = [...released].map(([state, count]) => `${count} at ${STAGE_AFTER[state] ?? state}`).join(', ');
    terminal.stdout.write(where ? `put back: ${where}\n` : 'nothing to put back\n');
  });
}

async function releaseEach(
  articles: ArticleStore,
  ids: readonly string[],
  now: Date,
): Promise<ReadonlyMap<ArticleState, number>> {
  const released = new Map<ArticleState, number>();
  for (const id of ids) {
    const state = await articles.release(id, now, now);
    if (!state) throw new CommandError(`${id} is not in quarantine`);
    released.set(state, (released.get(state) ?? 0) + 1);
  }
  return released;
}
