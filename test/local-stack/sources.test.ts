import { expect, test } from 'vitest';
import { firstThatServes, NoServerError, NotHere, type Source } from '../../src/local-stack/sources.ts';

function source(name: string, tried: string[], outcome: object | Error): Source<object> {
  return {
    name,
    attempt: async () => {
      tried.push(name);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
}

test('firstThatServes – takes them in order, says which failed, and stops at the first that serves', async () => {
  const tried: string[] = [];
  const lines: string[] = [];
  const sources = [
    source('URL', tried, new NotHere('not set')),
    source('on PATH', tried, new Error('port taken\nmore')),
    source('package', tried, { url: 'u' }),
    source('never', tried, { url: 'v' }),
  ];
  expect(await firstThatServes('Redis', sources, [], (line) => lines.push(line))).toEqual({ url: 'u' });
  expect(tried).toEqual(['URL', 'on PATH', 'package']);
  expect(lines).toEqual(['Redis: on PATH failed: port taken']);
});

test('firstThatServes – none: the error gives every reason and every way out', async () => {
  const sources = [source('URL', [], new NotHere('not set')), source('on PATH', [], new Error('broken'))];
  const error = await firstThatServes('MongoDB', sources, ['set the URL', 'install it'], () => {}).catch(
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(NoServerError);
  expect(error.code).toBe('NO_LOCAL_SERVER');
  expect(error.message).toBe(
    [
      'No MongoDB server could be found or started.',
      'Tried:',
      '  - URL: not set',
      '  - on PATH: broken',
      'Any one of these helps:',
      '  - set the URL',
      '  - install it',
    ].join('\n'),
  );
});
