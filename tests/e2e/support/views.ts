import type { Page } from '@playwright/test';
import type { AttemptId, RunId, TaskId } from '../../../src-main/contract/ids.ts';
import { startWorkflow, waitForRun, waitForStage } from './runs.ts';
import type { App } from './test.ts';
import { expect } from './test.ts';
import { addTestAgent, testTask } from './test-agent.ts';
import { expectOk, submitCommand } from './work.ts';

/** What a prepared folder holds: something in every view, in many states. */
export interface Prepared {
  /** Completed, with outputs, a gate and a log. */
  readonly completed: RunId;
  readonly failed: RunId;
  /** Waits for an approval. */
  readonly waiting: RunId;
  /** Has a task that goes on until the application ends. */
  readonly running: RunId;
  /** A task that stands alone and has ended, and its attempt. */
  readonly taskId: TaskId;
  readonly attemptId: AttemptId;
}

const outputs = `'echo "{\\"coverage\\": 97}" > "$SIGNALBOX_OUTPUT"; echo ready; echo trouble >&2'`;

/** Puts work of every kind into a new data folder. */
export async function prepareWork(app: App): Promise<Prepared> {
  const { api } = app;
  await addTestAgent(api, 'asker', { permissions: 'ask' });
  const completed = await startWorkflow(
    app,
    `name: release
inputs:
  version: { type: string, default: 1.2.3 }
stages:
  - name: test
    run: [sh, -c, ${outputs}]
    gates: [coverage >= 80]
  - name: publish
    run: [echo, published]
`,
  );
  const failed = await startWorkflow(
    app,
    'name: broken\nstages:\n  - name: build\n    run: [sh, -c, exit 3]\n    retry: 1\n',
  );
  const waiting = await startWorkflow(app, 'name: careful\nstages:\n  - name: ask\n    approval: Go on?\n');
  const running = await startWorkflow(app, 'name: patient\nstages:\n  - name: work\n    run: [sleep, "600"]\n');
  const work = { kind: 'command' as const, command: { kind: 'argv' as const, argv: ['false'] } };
  expectOk(
    await api.enqueueTasks({
      tasks: [
        { title: 'hopeless', agent: { type: 'shell' }, work, retry: { maxAttempts: 1 } },
        testTask({ mode: 'ask', tool: 'edit', question: 'Write the README' }),
        // The only slot of its agent is taken.
        testTask({}, { title: 'for later' }),
      ],
    }),
  );
  // Due far from now, so that it changes nothing meanwhile.
  const once = { kind: 'once' as const, at: Date.now() + 365 * 86_400_000 };
  const task = { agent: { type: 'shell' }, work };
  expectOk(
    await api.saveSchedule({ id: 'yearly' as never, title: 'Yearly', timing: once, start: { kind: 'task', task } }),
  );
  const taskId = await submitCommand(api, ['echo', 'done'], app.engineFolder);
  await waitForRun(api, completed.id, ['completed']);
  await waitForRun(api, failed.id, ['failed']);
  await waitForRun(api, waiting.id, ['waiting']);
  await waitForStage(api, running.id, 'work', ['running']);
  await expect
    .poll(async () => {
      const { questions, tasks } = expectOk(await api.getStatus({}));
      return [questions.approvals, questions.permissions, tasks.dead];
    })
    .toEqual([1, 1, 2]);
  await expect.poll(async () => expectOk(await api.getTask({ taskId })).task.state).toBe('completed');
  const [attempt] = expectOk(await api.getTask({ taskId })).attempts;
  if (attempt === undefined) throw new Error('the task had no attempt');
  return {
    completed: completed.id,
    failed: failed.id,
    waiting: waiting.id,
    running: running.id,
    taskId,
    attemptId: attempt.id,
  };
}

/** Every view of the window with something in it, by its route. */
export function routesOf({ completed, failed, waiting, running, taskId }: Prepared): readonly string[] {
  return [
    '/',
    '/runs',
    '/runs?state=failed',
    `/runs/${completed}?stage=test`,
    `/runs/${completed}/timeline`,
    `/runs/${completed}/logs`,
    `/runs/${completed}/events`,
    `/runs/${completed}/values`,
    `/runs/${failed}`,
    `/runs/${waiting}`,
    `/runs/${running}`,
    '/queue',
    '/queue/dead',
    '/queue/all',
    `/tasks/${taskId}`,
    '/agents',
    '/agents/asker',
    '/agents?add=agent',
    '/workflows',
    '/workflows/app',
    '/workflows/app?tab=versions',
    '/workflows/app?run=new',
    '/schedules',
    '/schedules?schedule=yearly',
    '/schedules?add=schedule',
    '/inbox',
    '/inbox/trouble',
    '/inbox/answered',
    '/inbox/rules',
    '/events',
    '/metrics',
    '/settings',
    '/settings/projects',
    '/settings/permissions',
    '/settings/secrets',
    '/settings/notifications',
    '/settings/desktop',
    '/settings/api',
    '/settings/doctor',
    '/settings/appearance',
    '/settings/data',
    '/settings/about',
  ];
}

/** Leads the window to a view, and waits until it is whole. */
export async function openView(app: App, route: string): Promise<Page> {
  const { page } = app;
  await app.goTo(route);
  await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toHaveText(/\S/);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await expect(page.getByText('No view has the address')).toHaveCount(0);
  await expect(page.getByText('This view could not be drawn')).toHaveCount(0);
  return page;
}
