import { expect, test } from 'vitest';
import { cacheLifetimeSeconds } from '../../../src/shared/http/index.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);
const date = 'Sun, 22 Nov 2026 12:00:00 GMT';

test.each<[string, Record<string, string>, number | undefined]>([
  ['nothing said', {}, undefined],
  ['max-age', { 'cache-control': 'public, max-age=300' }, 300],
  ['quoted max-age in capitals', { 'cache-control': 'MAX-AGE="300"' }, 300],
  ['max-age less age', { 'cache-control': 'max-age=300', age: '100' }, 200],
  ['older than max-age', { 'cache-control': 'max-age=300', age: '400' }, 0],
  ['age that is none', { 'cache-control': 'max-age=300', age: 'old' }, 300],
  ['the first of two', { 'cache-control': 'max-age=60, max-age=600' }, 60],
  ['s-maxage is for proxies', { 'cache-control': 's-maxage=600' }, undefined],
  ['no-store', { 'cache-control': 'no-store, max-age=300' }, 0],
  ['no-cache', { 'cache-control': 'no-cache' }, 0],
  ['no-cache for one header only', { 'cache-control': 'no-cache="set-cookie", max-age=60' }, 60],
  ['negative max-age', { 'cache-control': 'max-age=-1' }, undefined],
  ['max-age over expires', { 'cache-control': 'max-age=60', expires: 'Sun, 22 Nov 2026 13:00:00 GMT', date }, 60],
  ['expires less date', { expires: 'Sun, 22 Nov 2026 12:30:00 GMT', date: 'Sun, 22 Nov 2026 12:20:00 GMT' }, 600],
  ['expires less now', { expires: 'Sun, 22 Nov 2026 12:30:00 GMT' }, 1800],
  ['expires in the past', { expires: 'Sun, 22 Nov 2026 11:30:00 GMT', date }, 0],
  ['expires 0', { expires: '0', date }, 0],
  ['expires -1', { expires: '-1' }, 0],
])('cacheLifetimeSeconds – %s', (_case, headers, expected) => {
  expect(cacheLifetimeSeconds(headers, now)).toBe(expected);
});
