import { createHmac } from 'node:crypto';
import type { MisbehavingSite } from './misbehaving-site.ts';

/** What a subscriber has asked of the hub, and its answers to it. */
export interface Hub {
  url: string;
  /** Forms of the requests so far. */
  asked: Record<string, string>[];
  /** Resolves with the next request. */
  nextRequest(): Promise<Record<string, string>>;
  /** Status of its answers to requests; 202 unless set. */
  status: number;
}

/** A WebSub hub at `path` of a site. */
export function startHub(site: MisbehavingSite, path: string): Hub {
  const hub: Hub = {
    url: site.origin + path,
    get asked() {
      return site.seen
        .filter((request) => request.path === path && request.method === 'POST')
        .map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    },
    async nextRequest() {
      await site.requested(path);
      return hub.asked.at(-1) ?? {};
    },
    status: 202,
  };
  site.route(path, (_request, response) => void response.writeHead(hub.status).end());
  return hub;
}

/** The query of a verification of intent, or a denial. */
export function intent(form: Record<string, string>, part: Record<string, string> = {}): Record<string, string> {
  return {
    'hub.mode': form['hub.mode'] ?? '',
    'hub.topic': form['hub.topic'] ?? '',
    'hub.challenge': 'تحقق-123',
    'hub.lease_seconds': '864000',
    ...part,
  };
}

export function sign(body: string, secret = ''): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
