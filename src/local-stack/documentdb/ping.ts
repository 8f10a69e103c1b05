import { connect } from 'node:net';
import { serialize } from 'bson';
import { encodeCommand } from './wire.ts';

/** Whether a MongoDB server on that loopback port answers a command within a second. */
export function pingMongo(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const hello = encodeCommand(1, serialize({ hello: 1, $db: 'admin' }));
    const socket = connect(port, '127.0.0.1', () => socket.write(hello));
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.setTimeout(1000, () => socket.destroy());
  });
}
