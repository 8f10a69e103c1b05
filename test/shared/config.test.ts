import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, configSchema, loadConfig, userAgent } from '../../src/shared/config.ts';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  test('nothing given – every option has its default', () => {
    const config = loadConfig({ PATH: '/bin', REDIS_URL: '' });
    expect(config).toMatchObject({ KHABAR_HOST: '127.0.0.1', KHABAR_PORT: 8080, KHABAR_ALLOW_ADDRESSES: [] });
    expect(config.KHABAR_ROLES).toContain('poll-feed');
    expect(config.REDIS_URL).toBeUndefined();
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('several problems – all are told at once, each with its option', () => {
    const problems = problemsOf({
      KHABAR_PORT: 'http',
      REDIS_URL: 'http://x',
      KHABAR_ROLES: 'poll-feed,cook',
      KHABAR_THREADS: '0',
    });
    for (const option of ['KHABAR_PORT', 'REDIS_URL', 'KHABAR_ROLES', 'KHABAR_THREADS']) {
      expect(
        problems.some((problem) => problem.startsWith(option)),
        option,
      ).toBe(true);
    }
  });

  test.each(['0.0.0.0', '192.168.1.4', '::', 'news.example'])('bound to %s without a token – refused', (host) => {
    expect(problemsOf({ KHABAR_HOST: host })).toEqual([expect.stringMatching(/^KHABAR_TOKEN: is required/)]);
    expect(problemsOf({ KHABAR_HOST: host, KHABAR_TOKEN: 'a-long-enough-token' })).toEqual([]);
  });

  test('lists are split and trimmed', () => {
    expect(loadConfig({ KHABAR_ALLOW_ADDRESSES: ' 10.0.0.0/8, 127.0.0.1 ,' }).KHABAR_ALLOW_ADDRESSES).toEqual([
      '10.0.0.0/8',
      '127.0.0.1',
    ]);
    expect(loadConfig({ KHABAR_ROLES: 'dedupe,scheduler' }).KHABAR_ROLES).toEqual(['dedupe', 'scheduler']);
  });

  test('the User-Agent says who we are and where to complain', () => {
    expect(userAgent(loadConfig({ KHABAR_CONTACT_URL: 'https://desk.example/bot' }))).toBe(
      'Khabar/0.1 (+https://desk.example/bot)',
    );
  });
});

describe('README', () => {
  const rows = [
    ...readFileSync(new URL('../../README.md', import.meta.url), 'utf8').matchAll(
      /^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$/gm,
    ),
  ].map(([, option, standard, meaning]) => ({ option, standard, meaning }));
  const defaults = loadConfig({});

  test('its table lists every option of the schema, in order, with its meaning and default', () => {
    const wanted = Object.entries(configSchema.shape).map(([option, schema]) => {
      const value = defaults[option as keyof typeof defaults];
      const shown = option === 'KHABAR_ROLES' ? 'all' : Array.isArray(value) ? value.join(',') : value;
      return {
        option,
        standard: shown === undefined || shown === '' ? '' : `\`${shown}\``,
        meaning: schema.description,
      };
    });
    expect(rows).toEqual(wanted);
  });

  test('.env.example names every option', () => {
    const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    for (const option of Object.keys(configSchema.shape)) expect(example).toMatch(new RegExp(`^#? ?${option}=`, 'm'));
  });
});
