#!/usr/bin/env node
import { runProgram } from './cli/program.ts';

/** Ends the command: the first signal asks it to finish in good order, a second one ends the process at once. */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}
// `khabar feeds export | head` closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
});

// What still holds the event loop now (a connection that will not close, a thread in a long task) is not waited for.
process.stdout.write('', () => process.exit());
