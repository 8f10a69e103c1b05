import { expect, test } from 'vitest';
import { openStores } from '../../../src/shared/stores/database.ts';
import { testMongoUri, uniqueName } from '../../support/servers.ts';

test('openStores – by two processes at once on a new database', async () => {
  for (let round = 0; round < 6; round++) {
    const name = uniqueName('stores');
    const open = await Promise.all([openStores(testMongoUri(), name), openStores(testMongoUri(), name)]);
    for (const stores of open) await expect(stores.checkWrite()).resolves.toBeUndefined();
    await Promise.all(open.map((stores) => stores.close()));
  }
});
