import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll } from 'vitest';

interface BreakableWay {
  port: number;
  /** A connection ends when what a client sends on it contains one of these texts, before the server sees it. */
  cutAt: string[];
  /** From now on nothing passes on connections that are open, and nothing closes them: the machine behind has vanished. */
  swallow(): void;
}

/** A way to a server that can break. Closed after the file's last test. */
export async function breakableWay(to: { host: string; port: number }): Promise<BreakableWay> {
  const cutAt: string[] = [];
  const swallowed = new WeakSet<Socket>();
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(to.port, to.host);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
      socket.on('error', () => {});
    }
    client.on('data', (data) => {
      if (swallowed.has(client)) return;
      if (cutAt.some((text) => data.includes(text))) client.destroy();
      else upstream.write(data);
    });
    upstream.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cutAt,
    swallow() {
      for (const socket of open) swallowed.add(socket);
    },
  };
}
