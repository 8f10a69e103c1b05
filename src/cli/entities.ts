import type { EntityDecision } from '../shared/entity-decisions.ts';
import type { DecisionRequest } from '../workers/extract-entities/decide.ts';
import { withStores } from './session.ts';
import type { Terminal } from './terminal.ts';

const sayTo =
  ({ stderr }: Terminal) =>
  (line: string) =>
    stderr.write(`${line}\n`);

/** Takes a decision and tells what came of it. */
export async function decideEntity(terminal: Terminal, request: DecisionRequest): Promise<void> {
  const { decide } = await import('../workers/extract-entities/decide.ts');
  const { decision, articles } = await withStores(terminal.env, sayTo(terminal), (stores) =>
    decide(stores, request, new Date()),
  );
  const where = `${articles} stored article${articles === 1 ? '' : 's'} read again by it`;
  terminal.stdout.write(`${describe(decision)}; ${where}\n`);
}

/** The log, oldest first. */
export async function listDecisions(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  const rules = await withStores(terminal.env, sayTo(terminal), ({ decisions }) => decisions.rules());
  for (const decision of rules.log) {
    const undone = rules.isUndone(decision._id);
    terminal.stdout.write(
      json
        ? `${JSON.stringify({ ...decision, undone })}\n`
        : `${decision.at.toISOString()}  ${describe(decision)}${decision.automatic ? ', by spelling' : ''}${undone ? ', undone' : ''}\n`,
    );
  }
  if (rules.log.length === 0 && !json) terminal.stdout.write('nothing was decided yet\n');
}

function describe(decision: EntityDecision): string {
  const n = `decision ${decision._id}`;
  if (decision.kind === 'undo') return `${n}: decision ${decision.of} is undone`;
  if (decision.kind === 'rename') return `${n}: ${decision.from} is called ${decision.name} (${decision.lang})`;
  if (decision.kind === 'merge') return `${n}: ${decision.from} is ${decision.into.id}`;
  return `${n}: ${decision.names.join(', ')} of ${decision.from} is ${decision.into.id}`;
}
