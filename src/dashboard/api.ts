import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Service } from '../service.ts';
import { searchQuery } from '../shared/arabic/search-text.ts';
import { PermanentError } from '../shared/errors.ts';
import type { Article, ArticleState, Subscription } from '../shared/model.ts';
import type { ArticlePage, Catalog } from '../shared/stores/catalog.ts';
import type { Stores } from '../shared/stores/database.ts';
import { judgeHub } from '../workers/poll-feed/websub.ts';

const STATES = [
  'discovered',
  'fetched',
  'extracted',
  'unique',
  'enriched',
  'published',
  'duplicate',
  'ended',
  'quarantined',
] as const satisfies readonly ArticleState[];

const DAY_MS = 86_400_000;

const name = z.string().max(300).optional();

/** A day, or a moment of one, in ISO 8601; in UTC when it names no zone, wherever the server stands. */
const moment = z
  .string()
  .max(40)
  .transform((text) => (/T[\d:.]+$/i.test(text) ? `${text}Z` : text))
  .refine(
    (text) => /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)),
    'must be a date, such as 2026-03-01',
  )
  .optional();

export const articleQuery = z.object({
  /** Words, "phrases", -exclusions and filters such as source:example.org. */
  q: z.string().max(1000).optional(),
  entity: name,
  source: name,
  from: moment,
  /** Inclusive when it is a day. */
  to: moment,
  /** Of a search: how many results to leave out. */
  offset: z.coerce.number().int().min(0).max(1000).optional(),
  lang: z
    .string()
    .regex(/^[a-z]{2,3}$/i)
    .optional(),
  state: z.enum(STATES).optional(),
  since: z.coerce.number().int().min(0).optional(),
  before: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Reads a query string or a form; an empty value counts as not given. Throws PermanentError BAD_QUERY. */
export function readQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const given = Object.fromEntries(
    Object.entries(query as Record<string, unknown>).filter(([, value]) => value !== ''),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new PermanentError(
    'BAD_QUERY',
    result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}

/** A page of a list or, where words are asked for, of a search: only published articles then, unless a state is named. */
export async function findArticles(
  { catalog, decisions }: Stores,
  { q = '', from, to, offset = 0, ...asked }: z.infer<typeof articleQuery>,
  now: Date,
): Promise<ArticlePage> {
  const { search, filters } = searchQuery(q);
  const entity = asked.entity ?? filters.entity;
  const filter = {
    ...filters,
    ...asked,
    ...(entity && { entity: (await decisions.rules()).resolve(entity) }),
    ...(from && { from: new Date(from) }),
    ...(to && { to: endOf(to) }),
  };
  if (!search) return catalog.list(filter, now);
  const { limit, state = 'published' } = asked;
  const found = await catalog.search({ ...filter, state, search, skip: offset, limit }, now);
  return { articles: found, ...(found.length === limit && { cursor: String(offset + limit) }) };
}

const isSearch = ({ q = '' }: { q?: string }) => searchQuery(q).search !== '';

const endOf = (text: string) => new Date(Date.parse(text) + (text.length === 10 ? DAY_MS : 0));

/** The JSON API. Errors are `{ error: { code, message } }`. */
export function serveApi(
  app: FastifyInstance,
  { stores, overview }: Service,
  countByState: Catalog['countByState'],
): void {
  app.get('/api/overview', async () => ({ stages: await overview(), articles: await countByState() }));

  /**
   * `since` reads forward in the order of publication, for programs that follow along; without it the list runs from the
   * newest backwards, and with `q` from the best match. `next` is the query for the following page.
   */
  app.get('/api/articles', async ({ query }) => {
    const asked = readQuery(articleQuery, query);
    const page = await findArticles(stores, asked, new Date());
    return { articles: page.articles.map(present), next: nextQuery(asked, page) };
  });

  app.get<{ Params: { id: string } }>('/api/articles/:id', async ({ params }, reply) => {
    const article = await stores.articles.get(params.id);
    if (!article)
      return reply.code(404).send({ error: { code: 'NOT_FOUND', message: `no article has the id ${params.id}` } });
    return { ...present(article), copies: (await stores.catalog.copiesOf(article._id)).map(present) };
  });

  app.get('/api/feeds', async () => {
    const feeds = await stores.feeds.list();
    const hubs = await stores.subscriptions.ofFeeds(feeds.map(({ _id }) => _id));
    return { feeds: feeds.map((feed) => ({ ...feed, websub: presentHub(hubs.get(feed._id)) })) };
  });
}

/** What the API shows of a feed's hub: nothing that would let others push. */
function presentHub(subscription: Subscription | undefined) {
  if (!subscription) return undefined;
  const { hub, topic, state, reason, leaseEndsAt, lastPushAt, lastError, score } = subscription;
  return { hub, topic, state, reason, leaseEndsAt, lastPushAt, lastError, score, judgement: judgeHub(score) };
}

/** The query string of the page after this one, or undefined at the end. With `since` there is always a next one. */
export function nextQuery(asked: z.infer<typeof articleQuery>, { cursor }: ArticlePage): string | undefined {
  if ((asked.since === undefined || isSearch(asked)) && cursor === undefined) return undefined;
  const { since, before, offset, ...rest } = asked;
  const place = isSearch(asked)
    ? { offset: cursor }
    : since === undefined
      ? { before: cursor }
      : { since: cursor ?? String(since) };
  const pairs = Object.entries({ ...rest, ...place }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as [string, string]],
  );
  return new URLSearchParams(pairs).toString();
}

/** What the API shows of an article: everything but our own working copies. */
export function present({
  _id,
  sketch,
  norm,
  dueBy,
  reconciled,
  asFound,
  ...article
}: Article): Record<string, unknown> {
  return { id: _id, ...article };
}
