import { expect, test } from 'vitest';
import { judgeWorker } from '../../src/queues/worker-group.ts';

const silent = { waiting: 3, active: 0, paused: false, silentMs: 90_001, rebuilt: false };

test.each([
  ['jobs wait and nothing has happened for long', {}, 'renew'],
  ['that was of no use', { rebuilt: true }, 'hopeless'],
  ['not for long', { silentMs: 90_000 }, 'watch'],
  ['not for long since it was made anew', { silentMs: 90_000, rebuilt: true }, 'watch'],
  ['nothing waits', { waiting: 0 }, 'well'],
  ['jobs are under way, here or elsewhere', { active: 1 }, 'well'],
  ['the queue is paused', { paused: true, rebuilt: true }, 'well'],
])('judgeWorker – %s', (_case, differs, verdict) => {
  expect(judgeWorker({ ...silent, ...differs })).toBe(verdict);
});
