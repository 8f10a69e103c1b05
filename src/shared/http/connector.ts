import { isIP, type LookupFunction } from 'node:net';
import { buildConnector, errors } from 'undici';
import { PermanentError } from '../errors.ts';
import { type AddressPolicy, bareHost } from './address.ts';
import type { Resolve } from './resolve.ts';

interface ConnectorOptions {
  policy: AddressPolicy;
  resolve: Resolve;
  connectTimeoutMs: number;
  /** Extra certificate authorities, PEM, for intranets and tests. */
  ca?: string;
  /** Whether somebody still waits for a response from `origin`. */
  wanted(origin: string): boolean;
  /** Told each address a connection was made to. `origin` as in URL.origin. */
  onConnect(origin: string, ip: string): void;
  /** Told when that connection ends. */
  onClose(origin: string, ip: string): void;
}

/**
 * An undici connector that judges addresses where they are dialled: the answer of the name lookup that the socket
 * itself makes is filtered, so a name that answers differently a moment later (DNS rebinding) gains nothing.
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const { policy, resolve } = options;
  const connectorWith = (accept: (ip: string) => boolean) =>
    buildConnector({
      timeout: options.connectTimeoutMs,
      lookup: lookupAmong(resolve, accept),
      // Node's 250 ms per address is too little for servers on another continent.
      autoSelectFamilyAttemptTimeout: 1_000,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
  const guarded = connectorWith((ip) => policy.allowsAddress(ip));
  const opened = connectorWith(() => true);
  return (target, callback) => {
    const hostname = bareHost(target.hostname);
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    const origin = `${target.protocol}//${target.host ?? target.hostname}`;
    // Later, as sockets do: undici misses a refusal that comes while it is still asking.
    const refuse = (error: Error) => queueMicrotask(() => callback(error, null));
    // undici dials again after a request was given up, for nobody.
    if (!options.wanted(origin)) return refuse(new errors.RequestAbortedError('no longer wanted'));
    const open = policy.opensHost(hostname, port);
    if (!open && isIP(hostname) && !policy.allowsAddress(hostname)) {
      return refuse(addressForbidden(hostname, hostname));
    }
    (open ? opened : guarded)({ ...target, hostname }, (error, socket) => {
      if (error) return callback(error, null);
      if (socket === null) return;
      const ip = socket.remoteAddress ?? '';
      options.onConnect(origin, ip);
      socket.once('close', () => options.onClose(origin, ip));
      callback(null, socket);
    });
  };
}

/** A lookup for sockets that answers only with addresses `accept` takes. */
function lookupAmong(resolve: Resolve, accept: (ip: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const addresses = found.filter(({ address }) => accept(address));
        const first = addresses[0];
        if (first === undefined) {
          callback(found[0] ? addressForbidden(hostname, found[0].address) : noAddress(hostname), '', 0);
        } else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

function addressForbidden(hostname: string, ip: string): PermanentError {
  const via = hostname === ip ? '' : ` (${hostname})`;
  return new PermanentError('ADDRESS_FORBIDDEN', `${ip}${via} is not on the public internet and is not opened`);
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
}
