import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import { explainQueueError } from '../queues/connection.ts';
import type { Service } from '../service.ts';
import { PermanentError } from '../shared/errors.ts';
import type { Catalog } from '../shared/stores/catalog.ts';
import { explainStoreError } from '../shared/stores/mongo-errors.ts';
import { guard } from './access.ts';
import { articleQuery, findArticles, nextQuery, readQuery, serveApi } from './api.ts';
import { serveEntities } from './entities.ts';
import { FEED_FILTERS, feedsPage } from './feed-pages.ts';
import type { Markup } from './html.ts';
import * as pages from './pages.ts';
import { sparingly } from './sparingly.ts';
import { serveStories } from './stories.ts';
import { serveHubs } from './websub.ts';

const ASSETS = new URL('../../data/dashboard/', import.meta.url);
const ASSET_TYPES = { 'style.css': 'text/css', 'live.js': 'text/javascript', 'icon.svg': 'image/svg+xml' } as const;

/** Own pages load nothing from elsewhere and run no script but ours. bull-board's pages bring their own. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** bull-board's page asks for fonts of another company; our operators' browsers do not. */
const QUEUES_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

const NEWEST = 20;
const FAILING = 10;
const LISTED = 200;

/** Ids of entities hold their names, each letter in up to nine characters of an address. */
const MAX_ID_CHARS = 2_000;

const feedQuery = z.object({
  show: z.enum(FEED_FILTERS).default('all'),
  skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

const feedAction = z.object({ action: z.enum(['poll-now', 'pause', 'resume', 'move']) });

const quarantineAction = z.object({ action: z.string().optional(), id: z.string().default('') });

export interface Dashboard {
  url: string;
  close(): Promise<void>;
}

/** Serves pages, API, queues console, metrics and health on the configured address. */
export async function startDashboard(service: Service): Promise<Dashboard> {
  const { KHABAR_HOST: host, KHABAR_PORT: port, KHABAR_TOKEN: token } = service.config;
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 65_536,
    routerOptions: { maxParamLength: MAX_ID_CHARS },
  });
  await app.register(cookie);
  await app.register(formbody);
  // Before any route: a route keeps the handler that was set when it was made.
  app.setErrorHandler((error, request, reply) => answerError(error, request.headers.accept, reply));
  app.setNotFoundHandler((request, reply) =>
    answerTrouble(request.headers.accept, reply.code(404), 'NOT_FOUND', 'Not found', 'There is no such page.'),
  );
  app.addHook('onSend', async (request, reply) => {
    reply.header('content-security-policy', request.url.startsWith('/queues') ? QUEUES_POLICY : CONTENT_POLICY);
  });
  guard(app, token);
  // It reads every article.
  const countByState = sparingly(() => service.stores.catalog.countByState());
  serveHealth(app, service, countByState);
  serveApi(app, service, countByState);
  servePages(app, service, countByState);
  await serveAssets(app);
  await serveHubs(app, service);
  await serveQueues(app, service);
  await app.listen({ host, port });
  const [{ port: taken } = { port }] = app.addresses() as AddressInfo[];
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, close: () => app.close() };
}

function serveHealth(app: FastifyInstance, service: Service, countByState: Catalog['countByState']): void {
  app.get('/healthz', () => ({ status: 'ok', uptimeSeconds: Math.round(process.uptime()) }));
  app.get('/readyz', async (_request, reply) => {
    const { redis, mongodb } = await service.checkReady();
    const ready = redis === undefined && mongodb === undefined;
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', redis: redis ?? 'ok', mongodb: mongodb ?? 'ok' });
  });
  app.get('/metrics', async (_request, reply) => {
    const [overview, states] = await Promise.all([service.overview(), countByState()]);
    return reply.type(service.metrics.contentType).send(await service.metrics.expose(overview, states));
  });
}

function servePages(app: FastifyInstance, { stores, overview }: Service, countByState: Catalog['countByState']): void {
  const show = (reply: FastifyReply, title: string, path: string, body: Markup) =>
    reply.type('text/html; charset=utf-8').send(pages.layout(title, path, body));
  const overviewData = async (): Promise<pages.OverviewData> => {
    const now = new Date();
    const [stages, states, quarantined, newest, failing, drifting, feeds] = await Promise.all([
      overview(),
      countByState(),
      stores.catalog.countQuarantined(),
      stores.catalog.list({ limit: NEWEST }, now),
      stores.feeds.failing(FAILING),
      stores.sites.drifting(FAILING),
      stores.feeds.count(),
    ]);
    const quarantinedByStage = new Map<string, number>();
    for (const { stage, count } of quarantined)
      quarantinedByStage.set(stage, (quarantinedByStage.get(stage) ?? 0) + count);
    return { stages, states, quarantinedByStage, newest: newest.articles, failing, drifting, feeds, now };
  };

  app.get('/', async (_request, reply) => show(reply, 'Overview', '/', pages.overviewPage(await overviewData())));
  app.get('/overview', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(pages.overviewSections(await overviewData()).text),
  );

  app.get('/articles', async ({ query }, reply) => {
    const asked = readQuery(articleQuery, query);
    const page = await findArticles(stores, asked, new Date());
    const next = nextQuery(asked, page);
    return show(
      reply,
      'Articles',
      '/articles',
      pages.articlesPage(page.articles, asked, next && `/articles?${next}`, new Date()),
    );
  });
  app.get<{ Params: { id: string } }>('/articles/:id', async ({ params }, reply) => {
    const article = await stores.articles.get(params.id);
    if (!article) return reply.callNotFound();
    const [original, copies] = await Promise.all([
      article.dup ? stores.articles.get(article.dup.of) : null,
      stores.catalog.copiesOf(article._id),
    ]);
    return show(
      reply,
      article.title ?? 'Article',
      '/articles',
      pages.articlePage(article, original, copies, new Date()),
    );
  });

  serveEntities(app, stores, show);
  serveStories(app, stores, show);

  app.get('/feeds', async ({ query }, reply) => {
    const asked = readQuery(feedQuery, query);
    const feeds = await stores.feeds.page(asked.show, asked.skip, LISTED);
    const next = feeds.length === LISTED ? `/feeds?show=${asked.show}&skip=${asked.skip + LISTED}` : undefined;
    const hubs = await stores.subscriptions.ofFeeds(feeds.map(({ _id }) => _id));
    return show(reply, 'Feeds', '/feeds', feedsPage(feeds, { show: asked.show, next, hubs }, new Date()));
  });
  app.post<{ Params: { id: string } }>('/feeds/:id', async ({ params, body }, reply) => {
    const now = new Date();
    const { action } = readQuery(feedAction, body ?? {});
    if (action === 'poll-now') await stores.feeds.makeDue(now, params.id);
    else if (action === 'move') await stores.feeds.acceptMove(params.id, now);
    else await stores.feeds.setStatus(params.id, action === 'pause' ? 'paused' : 'active', now);
    return reply.redirect(`/feeds#feed-${params.id}`, 303);
  });

  app.get('/quarantine', async (_request, reply) =>
    show(
      reply,
      'Quarantine',
      '/quarantine',
      pages.quarantinePage(await stores.catalog.quarantined({ limit: LISTED }), new Date()),
    ),
  );
  app.post('/quarantine', async ({ body }, reply) => {
    const now = new Date();
    const { action, id } = readQuery(quarantineAction, body ?? {});
    if (action === 'retry-all') await stores.articles.releaseAll(undefined, now, now);
    else await stores.articles.release(id, now, now);
    return reply.redirect('/quarantine', 303);
  });
}

async function serveAssets(app: FastifyInstance): Promise<void> {
  for (const [name, type] of Object.entries(ASSET_TYPES)) {
    const body = await readFile(new URL(name, ASSETS));
    app.get(`/assets/${name}`, (_request, reply) => reply.type(type).header('cache-control', 'max-age=300').send(body));
  }
}

async function serveQueues(app: FastifyInstance, { producer }: Service): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath('/queues');
  createBullBoard({
    queues: [...producer.queues.values()].map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Khabar', boardLogo: { path: '/assets/icon.svg', width: 28, height: 28 } } },
  });
  await app.register(adapter.registerPlugin(), { prefix: '/queues' });
}

/** Says what is wrong in the form that was asked for. What we did not foresee is not shown, only that it happened. */
function answerError(thrown: unknown, accept: string | undefined, reply: FastifyReply): FastifyReply {
  const error = explainQueueError(explainStoreError(thrown)) as Error & { code?: string; statusCode?: number };
  const away = error.code === 'STORE_DOWN';
  const clientStatus = thrown instanceof PermanentError ? 400 : error.statusCode;
  const bad = clientStatus !== undefined && clientStatus < 500;
  const status = away ? 503 : bad ? clientStatus : 500;
  const code = away ? 'STORE_DOWN' : bad ? (error.code ?? 'BAD_REQUEST') : 'INTERNAL';
  const message = away
    ? 'Redis or MongoDB does not answer; the work waits and goes on by itself.'
    : bad
      ? error.message
      : 'Something went wrong here.';
  return answerTrouble(accept, reply.code(status), code, away ? 'The stores are away' : 'That did not work', message);
}

function answerTrouble(
  accept: string | undefined,
  reply: FastifyReply,
  code: string,
  title: string,
  message: string,
): FastifyReply {
  if (!accept?.includes('text/html')) return reply.send({ error: { code, message } });
  return reply.type('text/html; charset=utf-8').send(pages.layout(title, '', pages.troublePage(title, code, message)));
}
