import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiClient, ApiInput, ApiOutput } from '../../../src-main/contract/api.ts';
import type { Event } from '../../../src-main/contract/event.ts';
import type { RunId, TaskId } from '../../../src-main/contract/ids.ts';
import type { RunState, StageState } from '../../../src-main/contract/states.ts';
import { notYet, until } from '../../support/until.ts';
import type { App } from './test.ts';
import { expectOk } from './work.ts';

type Run = ApiOutput<'getRun'>;
type Work = ApiOutput<'getRunWork'>;
type Inputs = ApiInput<'startRun'>['inputs'];

/** What the demonstration of the interface builds. */
export const demonstration = { workflow: 'app', inputs: { name: 'calculator-app', requirements: 'A calculator.' } };

/** Starts a workflow that is given as text, from a file of its own. */
export async function startWorkflow(app: App, source: string, inputs: Inputs = {}): Promise<Run> {
  const path = join(app.engineFolder, `workflow-${randomUUID()}.yaml`);
  writeFileSync(path, source);
  return expectOk(await app.api.startRun({ workflow: path, inputs }));
}

/** Waits until a run is in one of the states. @throws with how it stands. */
export function waitForRun(api: ApiClient, runId: RunId, states: readonly RunState[], timeoutMs = 30_000) {
  return until(
    `run to be ${states}`,
    async () => {
      const run = expectOk(await api.getRun({ runId }));
      return states.includes(run.state) ? run : notYet([run.state, run.stages.map(({ name, state }) => [name, state])]);
    },
    timeoutMs,
  );
}

/** Waits until a stage of a run is in one of the states. */
export function waitForStage(api: ApiClient, runId: RunId, stage: string, states: readonly StageState[]) {
  return until(
    `stage ${stage} to be ${states}`,
    async () => {
      const { stages } = expectOk(await api.getRun({ runId }));
      const found = stages.find(({ name }) => name === stage);
      return found !== undefined && states.includes(found.state) ? found : notYet(found?.state);
    },
    30_000,
  );
}

/** Waits until the newest attempt of a run (or of one of its tasks) works in a process, and tells of it. */
export function waitForProcess(api: ApiClient, where: { readonly runId: RunId } | { readonly taskId: TaskId }) {
  return until('an attempt to run in a process', async () => {
    const { attempts } =
      'runId' in where ? expectOk(await api.getRunWork(where)) : expectOk(await api.getTask({ taskId: where.taskId }));
    const attempt = attempts.at(-1);
    return attempt?.state === 'running' && attempt.process !== null
      ? { ...attempt, pid: attempt.process.pid }
      : notYet(attempt?.state);
  });
}

/** All that happened so far, or as far as it concerns a run, a task, an attempt or an agent; oldest first. */
export async function eventsOf(
  api: ApiClient,
  filter: Omit<ApiInput<'listEvents'>, 'afterSeq' | 'limit'> = {},
): Promise<Event[]> {
  const all: Event[] = [];
  for (;;) {
    const { events } = expectOk(await api.listEvents({ ...filter, afterSeq: all.at(-1)?.seq ?? 0, limit: 1_000 }));
    all.push(...events);
    if (events.length < 1_000) return all;
  }
}

/** The work of a run: its tasks, attempts and approvals. */
export async function workOf(api: ApiClient, runId: RunId): Promise<Work> {
  return expectOk(await api.getRunWork({ runId }));
}
