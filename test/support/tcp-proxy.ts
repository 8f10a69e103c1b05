import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll } from 'vitest';

/**
 * A way to a server that can break. `cutAt`: a connection ends when what a client sends on it contains this text, before the server sees it.
 * Closed after the file's last test.
 */
export async function breakableWay(to: { host: string; port: number }): Promise<{ port: number; cutAt: string[] }> {
  const cutAt: string[] = [];
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
  return { port: (server.address() as AddressInfo).port, cutAt };
}
