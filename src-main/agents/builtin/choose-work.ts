import { fatal } from './stage-failure.ts';
import type { AgentType, StageWork } from './stage-work.ts';
import type { TaskFacts } from './task-facts.ts';

/**
 * The work that a task asks of an agent. Its kind is `<workflow>/<stage>`; a workflow under another name,
 * such as a copy of a bundled one, names the kind in its stage's `with` block: `work: app/validation`.
 * Throws a fatal `StageFailure` that lists what the agent knows.
 */
export function chooseWork(type: AgentType, task: TaskFacts): StageWork {
  const kind = kindOf(task);
  const work = Object.hasOwn(type.work, kind) ? type.work[kind] : undefined;
  if (work === undefined) {
    throw fatal(
      `The ${type.name} agent does not know the work "${kind}"`,
      `it knows ${Object.keys(type.work).join(', ')}`,
      'Give the stage one of these as "work" in its "with" block, or point it at a real AI agent, which can do any stage',
    );
  }
  return work;
}

function kindOf(task: TaskFacts): string {
  const chosen = task.config.work;
  return typeof chosen === 'string' ? chosen : `${task.workflow ?? '(no workflow)'}/${task.stage ?? '(no stage)'}`;
}
