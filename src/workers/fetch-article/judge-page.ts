import { PermanentError, TransientError } from '../../shared/errors.ts';
import type { Fetched } from '../../shared/http/index.ts';

/** Content types that cannot hold an article we read. What is not named, or named wrongly, the extractor looks at. */
const NOT_A_PAGE =
  /^(?:image|video|audio|font)\/|^application\/(?:pdf|zip|gzip|x-gzip|msword|octet-stream|vnd\.(?!.*\+xml))/i;

export type PageVerdict = 'fetched' | 'gone' | 'refused' | 'not-a-page';

/**
 * What the answer to a request for an article means. 404 and 410 are `gone`; 401, 402, 403 and 451 are `refused`:
 * the publisher's decision, which a retry would not respect. Throws TransientError HTTP_SOFT_ERROR for 409 and other
 * answers that may change, PermanentError HTTP_CLIENT_ERROR for the rest.
 */
export function judgePage({
  status,
  contentType,
  body,
}: Pick<Fetched, 'status' | 'contentType' | 'body'>): PageVerdict {
  if (status === 404 || status === 410) return 'gone';
  if (status === 401 || status === 402 || status === 403 || status === 451) return 'refused';
  if (status === 204 || (status >= 200 && status < 300 && body.length === 0)) return 'not-a-page';
  if (status >= 200 && status < 300) return NOT_A_PAGE.test(contentType ?? '') ? 'not-a-page' : 'fetched';
  if (status === 409 || status === 423)
    throw new TransientError('HTTP_SOFT_ERROR', `the server answered with status ${status}`);
  throw new PermanentError('HTTP_CLIENT_ERROR', `the server answered with status ${status}`);
}
