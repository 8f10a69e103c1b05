import { Resolver, lookup as systemLookup } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Every address of a host name, best first. Rejects with the errors of node:dns. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

/** The system resolver takes a thread of Node's pool of four for as long as it waits; files and zlib need some too. */
const SYSTEM_LOOKUPS_AT_ONCE = 2;

/** How long an IPv4 answer waits for the IPv6 one, which some servers never give. Source: RFC 8305 section 3. */
const IPV6_GRACE_MS = 50;

/** Names that only this machine or its network knows. RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`. */
const LOCAL_NAME = /^[^.]+\.?$|\.(?:localhost|local|internal|home\.arpa)\.?$/i;

/**
 * Asks the DNS servers directly, without a thread, so that names whose servers are dead hold up nobody else. Names DNS
 * does not know, and local ones, go to the system's resolver (hosts file, mDNS). `servers` as for dns.setServers.
 */
export function createResolve(
  options: { servers?: readonly string[]; timeoutMs?: number; ipv6GraceMs?: number; lookup?: Resolve } = {},
): Resolve {
  const { ipv6GraceMs = IPV6_GRACE_MS } = options;
  const resolver = new Resolver({ timeout: options.timeoutMs ?? 3_000, tries: 2 });
  if (options.servers) resolver.setServers(options.servers);
  const lookup = atMost(
    SYSTEM_LOOKUPS_AT_ONCE,
    options.lookup ?? ((hostname) => systemLookup(hostname, { all: true, verbatim: true })),
  );

  return async (hostname) => {
    if (LOCAL_NAME.test(hostname)) return lookup(hostname);
    const asked6 = resolver.resolve6(hostname).then((found) => found.map(withFamily(6)));
    // Its error matters only when there is no IPv4 answer.
    asked6.catch(() => {});
    try {
      const found4 = (await resolver.resolve4(hostname)).map(withFamily(4));
      const found6 = await Promise.race([asked6, sleep(ipv6GraceMs, [])]).catch(() => []);
      // Nearly every network can reach IPv4; where it cannot, the next address is tried at once.
      return [...found4, ...found6];
    } catch (error) {
      const found6 = await asked6.catch(() => []);
      if (found6.length > 0) return found6;
      const { code } = error as NodeJS.ErrnoException;
      // The system would ask the same servers, and wait for longer.
      if (code === 'ETIMEOUT' || code === 'ESERVFAIL') throw error;
      return lookup(hostname);
    }
  };
}

function withFamily(family: 4 | 6): (address: string) => ResolvedAddress {
  return (address) => ({ address, family });
}

/** `ask`, with no more than `limit` calls under way; others wait their turn. */
function atMost(limit: number, ask: Resolve): Resolve {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (hostname) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await ask(hostname);
    } finally {
      // The place goes to the next in line, or is free.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
