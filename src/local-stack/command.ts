import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const ERROR_TAIL_CHARACTERS = 1500;

/** The first executable of these names on PATH. */
export function findOnPath(names: string[], path: string): string | undefined {
  for (const name of names) {
    for (const directory of path.split(delimiter)) {
      if (directory !== '' && isExecutable(join(directory, name))) return join(directory, name);
    }
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end and returns what it wrote to stdout. Throws with the end of its stderr when it fails or
 * takes longer than `timeoutMs`. `onLine` sees each line of stdout as it comes.
 */
export function run(
  command: string,
  args: string[],
  options: {
    env?: NodeJS.ProcessEnv;
    cwd?: string;
    timeoutMs?: number;
    onLine?: ((line: string) => void) | undefined;
  } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.env ?? process.env,
      cwd: options.cwd,
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    let unfinished = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-ERROR_TAIL_CHARACTERS);
    });
    child.on('error', (error) => reject(new Error(`${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(stdout);
      const timedOut = signal === 'SIGKILL' && options.timeoutMs !== undefined;
      const how = timedOut ? `took longer than ${options.timeoutMs} ms` : `ended with ${signal ?? `code ${code}`}`;
      reject(
        new Error(
          `${command} ${args[0] ?? ''} ${how}: ${stderr.trim() || stdout.slice(-ERROR_TAIL_CHARACTERS).trim()}`,
        ),
      );
    });
  });
}
