import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { EntityDecision } from '../shared/entity-decisions.ts';
import { PermanentError } from '../shared/errors.ts';
import type { Article } from '../shared/model.ts';
import type { MentionedEntity } from '../shared/stores/catalog.ts';
import type { Stores } from '../shared/stores/database.ts';
import type { KnownEntity } from '../shared/stores/entities.ts';
import { decide, decisionRequest } from '../workers/extract-entities/decide.ts';
import { present, readQuery } from './api.ts';
import { entitiesPage, entityPage, entityPath } from './entity-pages.ts';
import type { Markup } from './html.ts';

const DAY_MS = 86_400_000;

/** Entities of one name that are counted. */
const MAX_NAMED = 500;

/** Of one entity. */
const DAYS_SHOWN = 30;
const BESIDE_SHOWN = 30;
const NEWEST_SHOWN = 30;

const entityQuery = z.object({
  type: z.enum(['person', 'organization', 'location']).optional(),
  /** The beginning of a word of its name, in any language and spelling we have met. */
  q: z.string().max(200).optional(),
  /** Counted over so many days. */
  days: z.coerce.number().int().min(1).max(365).default(7),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export interface EntityView {
  entity: KnownEntity;
  /** The latest so many, oldest first; days without an article are there too. */
  days: { day: string; articles: number }[];
  beside: MentionedEntity[];
  articles: Article[];
  /** Those that stand, oldest first. */
  decisions: EntityDecision[];
}

/** Entities and decisions about them, in the API and on pages. */
export function serveEntities(
  app: FastifyInstance,
  stores: Stores,
  show: (reply: FastifyReply, title: string, path: string, body: Markup) => FastifyReply,
): void {
  /** Names in the articles published within the last `days`, most mentioned first; with `q` also those without any. */
  app.get('/api/entities', async ({ query }) => ({
    entities: await findEntities(stores, readQuery(entityQuery, query), new Date()),
  }));

  /** An id that was merged away gives what it is now. */
  app.get<{ Params: { id: string } }>('/api/entities/:id', async ({ params }, reply) => {
    const view = await describeEntity(stores, params.id, new Date());
    if (!view)
      return reply.code(404).send({ error: { code: 'NOT_FOUND', message: `no entity has the id ${params.id}` } });
    const { entity, articles, decisions, ...rest } = view;
    return { ...entity, ...rest, decisions: decisions.map(presentDecision), articles: articles.map(present) };
  });

  /** The whole log, oldest first. */
  app.get('/api/entity-decisions', async () => {
    const rules = await stores.decisions.rules();
    return { decisions: rules.log.map((one) => ({ ...presentDecision(one), undone: rules.isUndone(one._id) })) };
  });

  app.post('/api/entity-decisions', async ({ body }) => {
    const { decision, articles } = await decide(stores, readRequest(body), new Date());
    return { decision: presentDecision(decision), articles };
  });

  app.get('/entities', async ({ query }, reply) => {
    const asked = readQuery(entityQuery, query);
    const found = await findEntities(stores, asked, new Date());
    return show(reply, 'Entities', '/entities', entitiesPage(found, asked));
  });

  app.get<{ Params: { id: string } }>('/entities/:id', async ({ params }, reply) => {
    const now = new Date();
    const view = await describeEntity(stores, params.id, now);
    if (!view) return reply.callNotFound();
    if (view.entity.id !== params.id) return reply.redirect(entityPath(view.entity.id));
    return show(reply, view.entity.name, '/entities', entityPage(view, now));
  });

  app.post<{ Params: { id: string }; Body: Record<string, unknown> }>(
    '/entities/:id',
    async ({ params, body }, reply) => {
      const given = Object.fromEntries(Object.entries(body ?? {}).filter(([, value]) => value !== ''));
      const names = given.names === undefined ? undefined : [given.names].flat();
      await decide(stores, readRequest({ ...given, from: params.id, ...(names && { names }) }), new Date());
      return reply.redirect(entityPath((await stores.decisions.rules()).resolve(params.id)), 303);
    },
  );
}

function readRequest(body: unknown) {
  const result = decisionRequest.safeParse(body);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new PermanentError('BAD_DECISION', problems.join('; '));
}

function presentDecision({ _id, ...decision }: EntityDecision): Record<string, unknown> {
  return { n: _id, ...decision };
}

/** Entities by how many articles mention them. */
async function findEntities(
  { catalog, entities, decisions }: Stores,
  { q, type, days, limit }: z.infer<typeof entityQuery>,
  now: Date,
): Promise<MentionedEntity[]> {
  const since = new Date(now.getTime() - days * DAY_MS);
  if (!q) return catalog.topEntities({ type, since, limit });
  const named = await entities.find({ name: q, type, limit: MAX_NAMED }, await decisions.rules());
  const mentioned = await catalog.topEntities({ ids: named.map(({ id }) => id), since, limit });
  const counted = new Set(mentioned.map(({ id }) => id));
  const silent = named
    .filter(({ id }) => !counted.has(id))
    .map(({ id, type, name, names }) => ({ id, type, name, names, articles: 0 }));
  return [...mentioned, ...silent].slice(0, limit);
}

/** An entity, the articles that mention it by day, the names beside it and the newest articles; undefined when unknown. */
async function describeEntity(
  { catalog, entities, decisions }: Stores,
  asked: string,
  now: Date,
): Promise<EntityView | undefined> {
  const rules = await decisions.rules();
  const id = rules.resolve(asked);
  const entity = await entities.get(id, rules);
  if (!entity) return undefined;
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const first = today - (DAYS_SHOWN - 1) * DAY_MS;
  const [counts, beside, page] = await Promise.all([
    catalog.entityDays(id, new Date(first)),
    catalog.entitiesBeside(id, BESIDE_SHOWN),
    catalog.list({ entity: id, state: 'published', limit: NEWEST_SHOWN }, now),
  ]);
  const byDay = new Map(counts.map(({ day, articles }) => [day, articles]));
  const days = Array.from({ length: DAYS_SHOWN }, (_, i) => {
    const day = new Date(first + i * DAY_MS).toISOString().slice(0, 10);
    return { day, articles: byDay.get(day) ?? 0 };
  });
  return { entity, days, beside, articles: page.articles, decisions: rules.about(id) };
}
