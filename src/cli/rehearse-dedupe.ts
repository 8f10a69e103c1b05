import type { Service } from '../service.ts';
import type { Article, DuplicateKind } from '../shared/model.ts';
import type { ReplayQuery } from '../shared/stores/articles.ts';
import { isOpen } from '../workers/dedupe/stage.ts';

/** Changes told in full. */
const EXAMPLES = 5;

/** What a replay of dedupe would decide about copies, in lines for a person. Originals stay what they are. Nothing is written. */
export async function rehearseDedupe(
  service: Pick<Service, 'stores' | 'nearDuplicates'>,
  query: ReplayQuery,
  signal: AbortSignal,
): Promise<string[]> {
  let [read, copies, late] = [0, 0, 0];
  const changed: string[][] = [];
  for await (const article of service.stores.articles.replayable(query)) {
    if (signal.aborted) break;
    read++;
    if (!article.dup) continue;
    copies++;
    if (!(await isOpen(article, { stores: service.stores, now: () => new Date() }))) {
      late++;
      continue;
    }
    const before = tell(article.dup.of, article.dup.kind);
    const after = await redecide(article, service);
    if (before !== after) changed.push([`  ${article._id}  ${article.url}`, `    - ${before}`, `    + ${after}`]);
  }
  const examples = changed.slice(0, EXAMPLES).flat();
  return [
    `${read} article${read === 1 ? '' : 's'} would be put back at dedupe; nothing was changed`,
    `  originals    ${read - copies}, which stay so`,
    `  copies       ${copies}, of which ${late} stay because their original has left the window`,
    `  changed      ${changed.length}`,
    ...(examples.length > 0 ? ['', ...examples] : []),
  ];
}

async function redecide(
  { _id: id, title = '', text = '', lang, source, firstSeenAt }: Article,
  { nearDuplicates }: Pick<Service, 'nearDuplicates'>,
): Promise<string> {
  const { original, kind } = await nearDuplicates.reconsider({
    id,
    title,
    text,
    source: source.domain,
    seenAt: firstSeenAt.getTime(),
    ...(lang !== undefined && { language: lang }),
  });
  return tell(original, kind);
}

const tell = (of: string, kind: DuplicateKind | undefined) => (kind ? `${kind} copy of ${of}` : 'no copy');
