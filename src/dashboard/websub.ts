import type { FastifyInstance } from 'fastify';
import type { Service } from '../service.ts';
import type { Subscription } from '../shared/model.ts';
import { answerHub, receivePush } from '../workers/poll-feed/subscribe.ts';

/** Feeds of news are far smaller; one that is not is polled. */
const MAX_PUSH_BYTES = 5_000_000;

const NOTHING = Buffer.alloc(0);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For programs on the web that cannot sign in: the route answers to nobody who does not know its address. */
    open?: boolean;
  }
  interface FastifyRequest {
    subscription: Subscription | null;
  }
}

/**
 * Where WebSub hubs call: to verify a request of ours, and to push. There is one unguessable address per subscription, and its
 * body is not read before that is known; what a hub pushes counts only with its signature. Nothing is served without a public address.
 */
export async function serveHubs(app: FastifyInstance, { config, stores, producer, log }: Service): Promise<void> {
  if (config.KHABAR_PUBLIC_URL === undefined) return;
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.decorateRequest('subscription', null);
    scope.addHook<{ Params: { id: string } }>('onRequest', async (request, reply) => {
      const subscription = await stores.subscriptions.get(request.params.id);
      const isPush = request.method === 'POST';
      // 410 lets a hub that remembers more than we do forget it (W3C WebSub §7).
      if (!subscription || (isPush && subscription.state === 'denied')) return reply.code(isPush ? 410 : 404).send();
      request.subscription = subscription;
    });

    scope.get<{ Params: { id: string }; Querystring: Record<string, string | string[]> }>(
      '/websub/:id',
      { config: { open: true } },
      async ({ subscription, query }, reply) => {
        const given = Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
        const { status, body } = await answerHub(
          known(subscription),
          Object.fromEntries(given),
          { stores },
          new Date(),
        );
        return reply
          .code(status)
          .type('text/plain; charset=utf-8')
          .header('x-content-type-options', 'nosniff')
          .send(body);
      },
    );

    scope.post<{ Params: { id: string }; Body: Buffer | undefined }>(
      '/websub/:id',
      { config: { open: true }, bodyLimit: MAX_PUSH_BYTES },
      async ({ subscription, body = NOTHING, headers }, reply) => {
        const job = await receivePush(
          known(subscription),
          { body, contentType: headers['content-type'], signature: headers['x-hub-signature']?.toString() },
          { stores, config, now: () => new Date() },
        );
        if (job) await producer.enqueue('poll-feed', [job]);
        else log.warn({ feedId: subscription?.feedId, bytes: body.length }, 'push dropped');
        return reply.code(202).send();
      },
    );
  });
}

/** Set by the hook before every handler. */
function known(subscription: Subscription | null): Subscription {
  if (!subscription) throw new TypeError('no subscription was looked up for this request');
  return subscription;
}
