import { expect, test } from 'vitest';
import { ATTEMPTS } from '../../src/queues/pipeline.ts';
import { loadConfig } from '../../src/shared/config.ts';

test('a site that is down for a quarter of an hour – its articles are asked for after it', () => {
  const { KHABAR_RETRY_MS } = loadConfig({});
  // Each wait is twice the one before, less up to half of it by chance.
  const leastMs = (KHABAR_RETRY_MS * (2 ** (ATTEMPTS['fetch-article'] - 1) - 1)) / 2;
  expect(leastMs).toBeGreaterThan(15 * 60_000);
});
