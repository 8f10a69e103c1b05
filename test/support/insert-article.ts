import type { Service } from '../../src/service.ts';
import type { Article } from '../../src/shared/model.ts';
import { makeDiscovery } from './make.ts';

/** Puts an article straight into the state a test needs. Returns its id. */
export async function insertArticle(
  { stores }: Pick<Service, 'stores'>,
  state: Article['state'],
  set: Partial<Article>,
  outcome: string = state,
): Promise<string> {
  const now = new Date();
  const [id = ''] = await stores.articles.create('feed', [makeDiscovery()], now, now);
  const line = { stage: 'test', outcome, ms: 3, version: 1, at: now };
  await stores.articles.advance(id, 'discovered', state, { line, set });
  return id;
}
