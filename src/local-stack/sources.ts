import { PermanentError } from '../shared/errors.ts';

/**
 * Where Redis and MongoDB come from, in the order they are tried. Pure: what the machine has is asked for through the
 * attempts themselves.
 */

/** One way to a server. */
export interface Source<T> {
  name: string;
  /** Starts or finds it. Undefined with a reason when this machine does not have it. */
  attempt(): Promise<T | NotHere>;
}

/** Why a source cannot serve here; shown to people when no source can. */
export class NotHere {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** No source could serve. The message names every way out. */
export class NoServerError extends PermanentError {}

/**
 * The first source that serves. A source that should have served and failed is reported through `onFailure`, and the next
 * one is tried. Throws NoServerError with each source's reason and `waysOut`.
 */
export async function firstThatServes<T extends object>(
  what: string,
  sources: Source<T>[],
  waysOut: string[],
  onFailure: (line: string) => void,
): Promise<T> {
  const reasons: string[] = [];
  for (const { name, attempt } of sources) {
    try {
      const served = await attempt();
      if (!(served instanceof NotHere)) return served;
      reasons.push(`${name}: ${served.reason}`);
    } catch (error) {
      const reason = (error as Error).message;
      reasons.push(`${name}: ${reason}`);
      onFailure(`${what}: ${name} failed: ${reason.split('\n', 1)[0]}`);
    }
  }
  throw new NoServerError('NO_LOCAL_SERVER', noServerMessage(what, reasons, waysOut));
}

function noServerMessage(what: string, reasons: string[], waysOut: string[]): string {
  const list = (lines: string[]) => lines.map((line) => `  - ${line.replaceAll('\n', '\n    ')}`).join('\n');
  return `No ${what} server could be found or started.\nTried:\n${list(reasons)}\nAny one of these helps:\n${list(waysOut)}`;
}
