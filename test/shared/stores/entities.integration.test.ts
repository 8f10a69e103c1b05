import { expect, test } from 'vitest';
import { EntityRules } from '../../../src/shared/entity-decisions.ts';
import type { Entity } from '../../../src/shared/model.ts';
import { EntityStore } from '../../../src/shared/stores/entities.ts';
import { testDatabase } from '../../support/servers.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const RULES = new EntityRules([]);

const port = (...spellings: string[]): Entity => ({
  id: 'org:~ports',
  type: 'organization',
  name: 'هيئة الموانئ',
  names: { ar: 'هيئة الموانئ' },
  roles: [],
  mentions: spellings.map((text) => ({ text, start: 0, end: text.length })),
});

async function setup() {
  const { db } = await testDatabase('entities');
  const store = new EntityStore(db);
  await store.createIndexes();
  return store;
}

test('learn – a new one is told, found by its spellings, and not told again', async () => {
  const store = await setup();
  expect(await store.learn([port('Ports Authority')], NOW)).toHaveLength(1);
  expect(await store.learn([port('The Harbour Board')], later(1))).toEqual([]);
  const [found] = await store.find({ name: 'harbour', limit: 5 }, RULES);
  expect(found).toMatchObject({
    id: 'org:~ports',
    aliases: ['هيئة الموانئ', 'Ports Authority', 'The Harbour Board'],
    firstSeenAt: NOW,
    lastSeenAt: later(1),
  });
});

test('learn – spellings without end – a few hundred are kept, and it is seen all the same', async () => {
  const store = await setup();
  for (let article = 0; article < 30; article++) {
    const spellings = Array.from({ length: 15 }, (_, i) => `Ports ${article} ${i}`);
    await store.learn([port(...spellings)], later(article));
  }
  const known = await store.get('org:~ports', RULES);
  expect(known?.lastSeenAt).toEqual(later(29));
  expect(known?.aliases.length).toBeGreaterThan(100);
  expect(known?.aliases.length).toBeLessThan(250);
});
