import { closeSync, existsSync, openSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLogger, logOutput } from '../../src/shared/logger.ts';

test.skipIf(!existsSync('/dev/full'))('logOutput – a full disk ends neither the process nor its end', async () => {
  const fd = openSync('/dev/full', 'w');
  const output = logOutput(fd);
  let failures = 0;
  (output as unknown as NodeJS.EventEmitter).on('error', () => {
    failures++;
  });
  const log = createLogger('info', output);
  log.info('one');
  while (failures === 0) await turn();
  log.info('two');
  while (failures === 1) await turn();
  output.flushSync();
  closeSync(fd);
  expect(failures).toBe(2);
});
