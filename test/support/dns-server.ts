import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** IPv4 and IPv6 addresses of a name; 'silent' and 'broken' names get no answer, or SERVFAIL. */
export type Zone = Record<string, { a?: string[]; aaaa?: string[]; silent?: 'a' | 'aaaa' | 'both'; broken?: true }>;

const A = 1;
const SERVER_FAILURE = 2;
const NO_SUCH_NAME = 3;

/** A DNS server on a free port of 127.0.0.1 (RFC 1035 section 4), for one question per message. */
export async function startDnsServer(zone: Zone) {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    asked.push(`${type === A ? 'A' : 'AAAA'} ${name}`);
    const entry = zone[name];
    if (entry?.silent === 'both' || entry?.silent === (type === A ? 'a' : 'aaaa')) return;
    const records = (type === A ? entry?.a : entry?.aaaa) ?? [];
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180 | (entry ? (entry.broken ? SERVER_FAILURE : 0) : NO_SUCH_NAME), 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt16BE(0, 10);
    const answers = records.map((address) => record(type, address));
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => void socket.close(),
  };
}

function readQuestion(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** A resource record for the name of the question (a pointer to offset 12), valid for a minute. */
function record(type: number, address: string): Buffer {
  const data =
    type === A
      ? Buffer.from(address.split('.').map(Number))
      : Buffer.from(
          address
            .split(':')
            .map((group) => group.padStart(4, '0'))
            .join(''),
          'hex',
        );
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
