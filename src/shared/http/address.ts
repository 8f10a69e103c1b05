import { BlockList, isIP, isIPv4 } from 'node:net';

/**
 * IPv4 ranges no page, feed or webhook may live at. Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890 and
 * successors); 168.63.129.16 is the metadata address of one large cloud and the only one outside those ranges.
 */
const FORBIDDEN_IPV4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // cloud metadata
  '169.254.0.0/16', // link-local, cloud metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments, cloud metadata
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
];

/** The only IPv6 range handed out for the public internet. Source: IANA IPv6 Address Space, RFC 4291. */
const GLOBAL_IPV6 = '2000::/3';

/** Exceptions within it. Source: IANA IPv6 Special-Purpose Address Registry. */
const FORBIDDEN_IPV6 = [
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarks
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which may embed any IPv4 address
  '3fff::/20', // documentation
];

const forbiddenIpv4 = blockListOf(FORBIDDEN_IPV4);
const forbiddenIpv6 = blockListOf(FORBIDDEN_IPV6);
const globalIpv6 = blockListOf([GLOBAL_IPV6]);

/** Which addresses may be dialled. */
export interface AddressPolicy {
  /** May this IP address be dialled for any name? */
  allowsAddress(ip: string): boolean;
  /** Is this name (or literal address) and port opened, whatever address it leads to? */
  opensHost(hostname: string, port: number): boolean;
}

/**
 * The public internet, plus what `allow` opens: CIDR ranges (`10.1.0.0/16`), addresses (`127.0.0.1`, `[::1]`), hosts
 * (`intranet.example`) or hosts with a port (`localhost:8080`, `[::1]:8080`). Throws RangeError for anything else.
 */
export function createAddressPolicy(allow: readonly string[] = []): AddressPolicy {
  const ranges = new BlockList();
  const hosts = new Set<string>();
  for (const entry of allow) {
    if (entry.includes('/') || isIP(entry)) addRange(ranges, entry);
    else hosts.add(hostEntry(entry));
  }
  return {
    allowsAddress: (ip) => isPublicAddress(ip) || inList(ranges, ip),
    opensHost(hostname, port) {
      const host = hostname.toLowerCase();
      return hosts.has(host) || hosts.has(`${host}:${port}`);
    },
  };
}

/** Whether `ip` (either family, any spelling) is on the public internet. False for what is no address at all. */
export function isPublicAddress(ip: string): boolean {
  const plain = unwrapIpv4(ip);
  if (plain === undefined) return false;
  if (isIPv4(plain)) return !forbiddenIpv4.check(plain, 'ipv4');
  return globalIpv6.check(plain, 'ipv6') && !forbiddenIpv6.check(plain, 'ipv6');
}

function inList(list: BlockList, ip: string): boolean {
  const plain = unwrapIpv4(ip);
  return plain !== undefined && list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
}

/**
 * The address a packet to `ip` ends at: IPv4-mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96, RFC 6052) addresses are
 * judged by the IPv4 address inside them. undefined when `ip` is no address.
 */
function unwrapIpv4(ip: string): string | undefined {
  const bare = ip.replace(/%.*$/, '');
  const family = isIP(bare);
  if (family !== 6) return family === 4 ? bare : undefined;
  const compressed = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const embedded = /^(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{0,4})$/.exec(compressed);
  if (!embedded) return compressed;
  const high = Number.parseInt(embedded[1] || '0', 16);
  const low = Number.parseInt(embedded[2] || '0', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function hostEntry(entry: string): string {
  if (!URL.canParse(`http://${entry}/`)) throw new RangeError(`not an address or host: ${entry}`);
  const url = new URL(`http://${entry}/`);
  if (url.username || url.pathname !== '/') throw new RangeError(`not an address or host: ${entry}`);
  // WHATWG URLs drop port 80 for http, so it is read from the entry itself.
  const port = /:(\d+)$/.exec(entry)?.[1];
  return port === undefined ? bareHost(url.hostname) : `${bareHost(url.hostname)}:${Number(port)}`;
}

/** `[::1]` → `::1`; other names unchanged. */
export function bareHost(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return list;
}

function addRange(list: BlockList, range: string): void {
  const [network = '', prefix, ...rest] = range.split('/');
  const family = isIP(network);
  const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
  if (family === 0 || rest.length > 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) {
    throw new RangeError(`not an address range: ${range}`);
  }
  list.addSubnet(network, bits, family === 4 ? 'ipv4' : 'ipv6');
}
