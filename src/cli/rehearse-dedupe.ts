import type { Service } from '../service.ts';
import type { Article, DuplicateKind } from '../shared/model.ts';
import { isOpen } from '../workers/dedupe/stage.ts';

export interface DedupeChange {
  article: Article;
  before: string;
  after: string;
}

/** What deciding about an article again would say: undefined when it is no copy, or one that cannot be decided about any more. */
export async function redecide(
  article: Article,
  { stores, nearDuplicates }: Pick<Service, 'stores' | 'nearDuplicates'>,
): Promise<DedupeChange | undefined> {
  const { _id: id, dup, title = '', text = '', lang, source, firstSeenAt } = article;
  if (!dup || !(await isOpen(article, { stores, now: () => new Date() }))) return undefined;
  const { original, kind } = await nearDuplicates.reconsider({
    id,
    title,
    text,
    source: source.domain,
    seenAt: firstSeenAt.getTime(),
    ...(lang !== undefined && { language: lang }),
  });
  return { article, before: tell(dup.of, dup.kind), after: tell(original, kind) };
}

const tell = (of: string, kind: DuplicateKind | undefined) => (kind ? `${kind} copy of ${of}` : 'no copy');
