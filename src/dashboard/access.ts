import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { layout, loginPage } from './pages.ts';

const COOKIE = 'khabar_token';
const LOOPBACK_NAMES = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/;

/**
 * Who may use the dashboard. With a token, every page and call needs it: as a Bearer header, or as the cookie that the
 * sign-in page sets. Without one the server is on loopback, and the Host header must say so, or any web page could
 * reach it by DNS rebinding. Changes are taken from our own pages only. Routes that are `open` guard themselves.
 */
export function guard(app: FastifyInstance, token: string | undefined): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config?.open) return;
    if (token === undefined && !LOOPBACK_NAMES.test(request.headers.host ?? '')) {
      return reply
        .code(421)
        .send({ error: { code: 'WRONG_HOST', message: 'this dashboard answers on loopback names only' } });
    }
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (isWrite(request) && bearer === undefined && !isOwnPage(request)) {
      return reply
        .code(403)
        .send({ error: { code: 'FOREIGN_ORIGIN', message: 'changes are taken from the dashboard itself only' } });
    }
    if (token === undefined || isPublic(request)) return;
    if (matches(bearer ?? request.cookies[COOKIE], token)) return;
    return refuse(request, reply);
  });

  if (token === undefined) return;
  app.post<{ Body: { token?: string } }>('/login', async ({ body }, reply) => {
    if (!matches(body?.token, token))
      return reply
        .code(401)
        .type('text/html; charset=utf-8')
        .send(layout('Sign in', '/login', loginPage(true)));
    return reply
      .setCookie(COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', maxAge: 30 * 86_400 })
      .redirect('/', 303);
  });
}

/** The sign-in form itself, and what its page loads. */
function isPublic({ url, method }: FastifyRequest): boolean {
  return (method === 'POST' && url === '/login') || (method === 'GET' && url.startsWith('/assets/'));
}

function isWrite({ method }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** Browsers say where a request comes from; one that says nothing is no browser, and carries no cookie of ours. */
function isOwnPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === headers.host);
}

function matches(given: string | undefined, token: string): boolean {
  if (given === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!request.headers.accept?.includes('text/html')) {
    return reply
      .code(401)
      .header('www-authenticate', 'Bearer')
      .send({ error: { code: 'TOKEN_REQUIRED', message: 'send Authorization: Bearer and the token' } });
  }
  return reply
    .code(401)
    .type('text/html; charset=utf-8')
    .send(layout('Sign in', '/login', loginPage(false)));
}
