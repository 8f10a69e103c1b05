export { type AddressPolicy, createAddressPolicy, isPublicAddress } from './address.ts';
export { cacheLifetimeSeconds } from './cache-lifetime.ts';
export {
  createDoor,
  type Door,
  type DoorOptions,
  type Fetched,
  type FetchOptions,
  type Redirect,
  type RobotsDisallowed,
} from './door.ts';
export { createRedisGate, type GateRules, type HostGate, type Refusal, type Turn } from './host-gate.ts';
export { createMemoryGate } from './memory-gate.ts';
export type { Purpose } from './purposes.ts';
export type { Resolve, ResolvedAddress } from './resolve.ts';
export { parseRetryAfter } from './retry-after.ts';
export { createRobots, type Robots, type RobotsVerdict } from './robots.ts';
export { siteOf } from './site.ts';
