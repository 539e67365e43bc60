import type { AgentId, AttemptId } from '../../../src-main/contract/ids.ts';
import { isTaskEnded, taskStates } from '../../../src-main/contract/states.ts';
import { useEntry } from '../../api/use-entry.ts';

const endedStates = taskStates.filter(isTaskEnded);

/**
 * The attempt that an agent ended last: what it printed is still worth a look when it has no work.
 * @param isWanted false: nothing is asked.
 * @returns undefined while it is being looked up; null: it has never done anything.
 */
export function useLastAttempt(agentId: AgentId, isWanted: boolean): AttemptId | null | undefined {
  const { data: found } = useEntry(
    'listTasks',
    { agentId, states: endedStates, sort: { by: 'ended', direction: 'descending' }, limit: 1 },
    { enabled: isWanted },
  );
  const last = found?.tasks[0];
  const { data: work } = useEntry(
    'getTask',
    { taskId: last?.id ?? '' },
    { enabled: isWanted && last !== undefined, keepPrevious: true },
  );
  if (found === undefined) return undefined;
  if (last === undefined) return null;
  // A task may have been tried by others too.
  return work && (work.attempts.findLast((attempt) => attempt.agentId === agentId)?.id ?? null);
}
