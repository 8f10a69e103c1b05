import type { Service } from '../../src/service.ts';

/** The method of pages that no stage has read. */
export const SEEDED = 'seeded';

/** Makes a host look as if it had been read well for long and badly of late. */
export async function rememberDrift({ stores }: Service, host: string): Promise<void> {
  for (let i = 0; i < 50; i++) await stores.sites.learn(host, { method: SEEDED, score: i < 40 ? 1 : 0 }, new Date());
}
