/**
 * The gateway as a process of its own, so that a busy main loop never stalls the database.
 * Arguments: directory of PostgreSQL's socket, port. Says `listening PORT` on stdout, and ends with its parent: when
 * stdin closes or on SIGTERM.
 */
import { startGateway } from './gateway.ts';

const [socketDir, port] = process.argv.slice(2);
if (socketDir === undefined || port === undefined) throw new Error('usage: gateway-process SOCKET_DIR PORT');

const gateway = await startGateway({
  socketDir,
  port: Number(port),
  onError: (error) => console.error(new Date().toISOString(), error),
});
console.log(`listening ${gateway.port}`);

const stop = () => {
  gateway.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.once('SIGTERM', stop);
process.stdin.resume().once('end', stop).once('error', stop);
