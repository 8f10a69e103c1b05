import { Readable, Writable } from 'node:stream';
import { runProgram } from '../../src/cli/program.ts';

/** Runs `khabar` as a person would, but in this process; what a process of its own adds is shown in test/main.test.ts. */
export async function khabar(
  args: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): Promise<{ out: string; err: string; code: number }> {
  const [stdout, stderr] = [new Collector(), new Collector()];
  const code = await runProgram(args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdin: Readable.from([Buffer.from(input)]),
    stdout,
    stderr,
    signal: new AbortController().signal,
  });
  return { out: stdout.text, err: stderr.text, code };
}

class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
