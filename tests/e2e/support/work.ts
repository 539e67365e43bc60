import type { ApiClient, ApiInput } from '../../../src-main/contract/api.ts';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import type { TaskId } from '../../../src-main/contract/ids.ts';
import type { Result } from '../../../src-main/contract/result.ts';
import type { TaskState } from '../../../src-main/contract/states.ts';
import { notYet, until } from '../../support/until.ts';

/** The value of an answer. @throws what was refused. */
export function expectOk<T>(result: Result<T, ApiError>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.error.type}: ${result.error.message} ${result.error.remedy}`);
}

/** Queues one command, in a folder that exists. */
export async function submitCommand(api: ApiClient, argv: readonly string[], folder: string): Promise<TaskId> {
  const work: ApiInput<'enqueueTasks'>['tasks'][number]['work'] = {
    kind: 'command',
    command: { kind: 'argv', argv: [...argv] },
  };
  const answer = expectOk(await api.enqueueTasks({ tasks: [{ agent: { type: 'shell' }, work, folder }] }));
  const [taskId] = answer.taskIds;
  if (taskId === undefined) throw new Error('the engine stored a task and named none');
  return taskId;
}

/** Waits until a task is in a state. */
export async function waitForTask(api: ApiClient, taskId: TaskId, state: TaskState): Promise<void> {
  await until(
    `task ${state}`,
    async () => {
      const { task } = expectOk(await api.getTask({ taskId }));
      return task.state === state ? true : notYet(task.state);
    },
    20_000,
  );
}
