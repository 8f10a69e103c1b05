import { expect, test } from 'vitest';
import { judgePage } from '../../../src/workers/fetch-article/judge-page.ts';

const page = (status: number, contentType?: string, body = 'x') => ({ status, contentType, body: Buffer.from(body) });

test.each([
  ['200 text/html', page(200, 'text/html; charset=utf-8'), 'fetched'],
  ['200 without a type', page(200), 'fetched'],
  ['200 XHTML', page(200, 'application/xhtml+xml'), 'fetched'],
  ['200 with a type of text', page(200, 'text/plain'), 'fetched'],
  ['404', page(404), 'gone'],
  ['410', page(410), 'gone'],
  ['401', page(401), 'refused'],
  ['403', page(403), 'refused'],
  ['451', page(451), 'refused'],
  ['204', page(204, undefined, ''), 'not-a-page'],
  ['200 and nothing', page(200, 'text/html', ''), 'not-a-page'],
  ['a picture', page(200, 'image/jpeg'), 'not-a-page'],
  ['a PDF', page(200, 'application/pdf'), 'not-a-page'],
  ['a spreadsheet', page(200, 'application/vnd.ms-excel'), 'not-a-page'],
])('judgePage – %s', (_case, answer, verdict) => {
  expect(judgePage(answer)).toBe(verdict);
});

test.each([
  [409, 'TransientError', 'HTTP_SOFT_ERROR'],
  [423, 'TransientError', 'HTTP_SOFT_ERROR'],
  [400, 'PermanentError', 'HTTP_CLIENT_ERROR'],
  [418, 'PermanentError', 'HTTP_CLIENT_ERROR'],
])('judgePage – %i is an error', (status, name, code) => {
  expect(() => judgePage(page(status))).toThrow(expect.objectContaining({ name, code }));
});
