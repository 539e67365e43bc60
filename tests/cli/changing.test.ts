import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { ApiHandlers } from '../../src-main/contract/api.ts';
import { refuse } from '../../src-main/contract/errors.ts';
import { ok } from '../../src-main/contract/result.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { createFakeCli } from './fake-context.ts';
import { claimedEvents, createdEvent, runId, runOf, sampleEvent, sampleId } from './samples.ts';
import { attemptId, failure, workHandlers as handlers, run, task, taskId, taskView } from './work-samples.ts';

describe('changing work', () => {
  const changed = vi.fn(() => ok(run));
  const changedTask = vi.fn(() => ok(task) as never);
  const all: Partial<ApiHandlers> = {
    ...handlers,
    cancelRun: changed,
    pauseRun: changed,
    resumeRun: changed,
    rerunRun: () => ok({ ...run, id: sampleId('run', 9), rerunOf: { runId, fromStage: 'build' } }) as never,
    cancelTask: changedTask,
    requeueTask: changedTask,
    setTaskPriority: changedTask,
    changeRuns: () => ok({ changed: 1, refused: 0, refusals: [] }),
    changeTasks: () => ok({ changed: 1, refused: 0, refusals: [] }),
    pruneHistory: () => ok({ before: 1_700_000_000_000, runs: 1, tasks: 2, events: 30 }),
  };

  test.each([
    [['cancel', runId], 'cancelRun', { runId, reason: 'asked for in the terminal' }, 'is being cancelled'],
    [['cancel', taskId, '--reason', 'why'], 'cancelTask', { taskId, reason: 'why' }, 'is being cancelled'],
    [['pause', runId], 'pauseRun', { runId, reason: 'asked for in the terminal' }, 'pauses once'],
    [['resume', runId], 'resumeRun', { runId, reason: 'asked for in the terminal' }, 'goes on'],
    [['retry', runId], 'rerunRun', { runId }, 'Run 00000009 reruns 00000000 from build.'],
    [['retry', runId, '--stage', 'build'], 'rerunRun', { runId, fromStage: 'build' }, 'from build.'],
    [['retry', taskId], 'requeueTask', { taskId }, 'is queued again'],
    [['priority', taskId, 'high'], 'setTaskPriority', { taskId, priority: 'high' }, 'has the priority high'],
    [
      ['delete', runId],
      'changeRuns',
      { select: { runIds: [runId] }, action: 'delete', reason: 'asked for in the terminal' },
      'Deleted for good: 00000000',
    ],
    [
      ['delete', taskId, '--reason', 'why'],
      'changeTasks',
      { select: { taskIds: [taskId] }, action: { kind: 'delete', reason: 'why' } },
      'Deleted for good',
    ],
    [['prune'], 'pruneHistory', { dryRun: false }, 'Forgotten, because it ended before 2023-11-14: 1 run, 2 tasks'],
    [['prune', '--older-than', '30d', '--dry-run'], 'pruneHistory', { olderThanDays: 30, dryRun: true }, 'Would be'],
  ] as const)('%j', async (argv, name, input, words) => {
    const cli = createFakeCli({ handlers: all });
    expect(await cli.run(...argv)).toBe(0);
    expect(cli.engine.calls.find((call) => call.name === name)?.input).toEqual(input);
    expect(cli.printed.out).toContain(words);
    expect(cli.closes).toHaveLength(1);
  });

  test.each([
    [['cancel', attemptId], 'An attempt is not cancelled by itself.'],
    [['retry', attemptId], 'An attempt is not retried by itself.'],
    [['retry', taskId, '--stage', 'build'], '--stage is for runs.'],
    [['priority', runId, 'high'], 'is no task.'],
    [['delete', attemptId], 'An attempt is not deleted by itself.'],
    [['prune', '--older-than', 'long'], 'is no number of days'],
    [['prune', '--older-than', '36501d'], 'is no number of days'],
  ])('%j is refused', async (argv, words) => {
    const cli = createFakeCli({ handlers: all });
    expect(await cli.run(...argv)).toBe(2);
    expect(cli.printed.err).toContain(words);
  });
});

test('what is refused to be deleted, and what is never forgotten, is said', async () => {
  const refusal = refuse('refused', 'The run is running.', 'Cancel it first.');
  const refusals = [{ runId, error: refusal.error }];
  const changeRuns = () => ok({ changed: 0, refused: 1, refusals }) as never;
  const pruneHistory = () => ok({ before: null, runs: 0, tasks: 0, events: 0 });
  const cli = createFakeCli({ handlers: { ...handlers, changeRuns, pruneHistory } });
  expect(await cli.run('delete', runId)).toBe(1);
  expect(cli.printed.err).toContain('The run is running.');
  expect(await cli.run('prune')).toBe(0);
  expect(cli.printed.out).toContain('the setting retention.days is 0');
});

describe('approvals, freezing, agents', () => {
  const approval = {
    id: sampleId('approval', 5),
    runId,
    stage: 'ship',
    question: 'Ship it?',
    state: 'open',
    onTimeout: 'reject',
    expiresAt: 1_060_000,
    requestedAt: 990_000,
    answeredAt: null,
    comment: null,
  };
  const agent = {
    id: 'builder',
    definition: {
      id: 'builder',
      title: 'Builder',
      type: 'builder',
      protocol: 'acp',
      command: ['x'],
      env: {},
      capabilities: [],
      repositories: [],
      slots: 2,
      startTimeoutMs: 1,
      idleStopMs: 0,
      permissions: 'reject',
      builtin: false,
    },
    state: 'busy',
    reason: null,
    version: null,
    processes: [{ pid: 77, startMark: 'm' }],
    crashesInRow: 0,
    restarts: 0,
    restartAt: null,
    startsOnDemand: true,
    registeredAt: 0,
    stateSince: 0,
    slotsUsed: 1,
    completed: 4,
    failed: 1,
    lastHeartbeatAt: 999_000,
    heldBecause: null,
  };
  const breaker = {
    id: 'provider:acme',
    state: 'half_open',
    failuresInRow: 0,
    successesInRow: 1,
    opened: 1,
    retryAt: null,
    lastFailure: null,
    stateSince: 0,
  };
  const answered = vi.fn(() => ok({ ...approval, state: 'approved' }) as never);
  const saved = vi.fn(() => ok(agent) as never);
  const all: Partial<ApiHandlers> = {
    listApprovals: () => ok({ approvals: [approval], next: null }) as never,
    listPermissions: () => ok({ permissions: [], next: null }),
    answerApproval: answered,
    freeze: () => ok({}),
    thaw: () => ok({}),
    listAgents: () => ok({ agents: [agent] }) as never,
    saveAgent: saved,
    removeAgent: () => ok({}),
    startAgent: saved,
    stopAgent: saved,
    drainAgent: saved,
    enableAgent: saved,
    disableAgent: saved,
  };

  test('open questions are listed with what happens without an answer', async () => {
    const cli = createFakeCli({ handlers: all });
    expect(await cli.run('approvals')).toBe(0);
    expect(cli.lines()[1]).toBe('◆ open  00000005  00000000  ship   Ship it?  10 s ago  reject in 1 m 00 s');
    expect(cli.engine.calls[0]?.input).toMatchObject({ states: ['open'] });
  });

  test.each([
    [['approve', '5', '--comment', 'fine'], { answer: 'approved', comment: 'fine' }, 'Approved: Ship it?'],
    [['reject', sampleId('approval', 5)], { answer: 'rejected' }, 'Rejected: Ship it?'],
  ])('%j answers', async (argv, input, words) => {
    const cli = createFakeCli({ handlers: all });
    expect(await cli.run(...argv)).toBe(0);
    expect(cli.engine.calls.at(-1)?.input).toEqual({ approvalId: approval.id, ...input });
    expect(cli.printed.out).toContain(words);
  });

  test.each([
    ['freeze', 'Everything is frozen'],
    ['thaw', 'Work goes on.'],
  ])('%s', async (command, words) => {
    const cli = createFakeCli({ handlers: all });
    expect(await cli.run(command, '--reason', 'lunch')).toBe(0);
    expect(cli.engine.calls).toEqual([{ name: command, input: { reason: 'lunch' } }]);
    expect(cli.printed.out).toContain(words);
  });

  test('agents are listed with slots, results, heartbeat and process', async () => {
    const cli = createFakeCli({ handlers: all });
    await cli.run('agents');
    expect(cli.lines()[1]).toMatch(/^● busy {2}builder {2}builder {2}acp +1\/2 +4 +1 {2}just now +77 +Builder$/);
  });

  test('R59 an agent that gets no work says why', async () => {
    const heldBecause = 'the circuit breaker of agent builder has been open for 9 s (too slow)';
    const listAgents: ApiHandlers['listAgents'] = () => ok({ agents: [{ ...agent, heldBecause }] }) as never;
    const cli = createFakeCli({ handlers: { ...all, listAgents } });
    await cli.run('agents');
    expect(cli.printed.out).toContain('the circuit breaker of agent builder has been open');
  });

  test.each([
    ['acme', 'provider:acme'],
    ['provider:acme', 'provider:acme'],
    ['builder', 'agent:builder'],
  ])('R59 agents reset %s closes the circuit breaker %s', async (name, breakerId) => {
    const resetBreaker = vi.fn((input: { breakerId: string }) => ok({ ...breaker, id: input.breakerId }) as never);
    const listBreakers: ApiHandlers['listBreakers'] = () => ok({ breakers: [breaker] }) as never;
    const cli = createFakeCli({ handlers: { ...all, listBreakers, resetBreaker } });
    expect(await cli.run('agents', 'reset', name, '--reason', 'repaired')).toBe(0);
    expect(resetBreaker.mock.calls).toEqual([[{ breakerId, reason: 'repaired' }]]);
    expect(cli.lines()).toEqual([`The circuit breaker of ${breakerId.replace(':', ' ')} is closed.`]);
  });

  test('agents reset refuses what is no name', async () => {
    const cli = createFakeCli({ handlers: all });
    expect(await cli.run('agents', 'reset', 'No Name')).toBe(2);
    expect(cli.printed.err).toContain('is no agent');
  });

  test('an agent is added with everything that was said of it', async () => {
    const cli = createFakeCli({ handlers: all });
    const words = [
      '--type',
      'coder',
      '--slots',
      '3',
      '--capability',
      'code',
      '--env',
      'A=b=c',
      '--permissions',
      'allow',
    ];
    expect(await cli.run('agents', 'add', 'mine', ...words, '--', 'prog', '--flag')).toBe(0);
    expect(cli.engine.calls[0]?.input).toMatchObject({
      id: 'mine',
      title: 'mine',
      type: 'coder',
      protocol: 'acp',
      command: ['prog', '--flag'],
      env: { A: 'b=c' },
      capabilities: ['code'],
      slots: 3,
      permissions: 'allow',
      startTimeoutMs: 30_000,
      builtin: false,
    });
  });

  test('an agent is registered with a watchdog of its own, and without one when nothing is said', async () => {
    const cli = createFakeCli({ handlers: all });
    const watchdog = ['--watchdog', '90', '--watchdog-step', '15', '--watchdog-up-to', 'restart'];
    expect(await cli.run('agents', 'add', 'builder', ...watchdog, '--', 'prog')).toBe(0);
    expect(cli.engine.calls[0]?.input).toMatchObject({
      watchdog: { silentMs: 90_000, stepMs: 15_000, upTo: 'restart' },
    });
    await cli.run('agents', 'add', 'builder', '--', 'prog');
    expect(cli.engine.calls.at(-1)?.input).not.toHaveProperty('watchdog');
  });

  test.each([
    [['--watchdog', 'soon'], '--watchdog "soon" is no number of seconds.'],
    [['--watchdog', '9', '--watchdog-step', '0'], '--watchdog-step "0" is no number of seconds.'],
    [['--watchdog', '9', '--watchdog-up-to', 'kill'], 'Write one of: notice, stop, restart, park.'],
    [['--watchdog-step', '5'], 'say nothing without --watchdog'],
  ])('agents add %j is refused', async (options, sentence) => {
    const cli = createFakeCli({ handlers: all });
    expect(await cli.run('agents', 'add', 'builder', ...options, '--', 'prog')).toBe(2);
    expect(cli.printed.err).toContain(sentence);
    expect(cli.engine.calls).toEqual([]);
  });

  test.each(['start', 'stop', 'drain', 'enable', 'disable'])('agents %s', async (change) => {
    const cli = createFakeCli({ handlers: all });
    expect(await cli.run('agents', change, 'builder')).toBe(0);
    expect(cli.engine.calls[0]?.name).toBe(`${change}Agent`);
    expect(cli.printed.out).toBe('● Agent builder is busy.\n');
  });

  test('an agent is removed; and none is started where no engine would keep it', async () => {
    const cli = createFakeCli({ handlers: all, role: 'idle' });
    expect(await cli.run('agents', 'remove', 'builder')).toBe(0);
    expect(await cli.run('agents', 'start', 'builder')).toBe(1);
    expect(cli.printed.err).toContain('No engine is running');
    expect(cli.engine.calls.map(({ name }) => name)).toEqual(['removeAgent']);
  });
});

describe('engine', () => {
  const counts = { queued: 0, running: 0, waiting: 0, claimed: 0 };
  const getStatus = () =>
    ok({
      version: '1',
      pid: 5,
      dataFolder: '/d',
      frozen: null,
      resumedRuns: [],
      reapedProcesses: 0,
      runs: counts,
      tasks: counts,
    }) as never;

  test.each([
    ['SIGINT', [], 130, { graceMs: 5_000 }],
    ['SIGTERM', ['--drain', '60'], 143, { graceMs: 5_000, drainMs: 60_000 }],
  ] as const)('R70 %s %j', async (signal, argv, code, close) => {
    const cli = createFakeCli({ handlers: { getStatus }, role: 'host' });
    const end = cli.run('engine', ...argv);
    await until('ready', () => (cli.printed.out.includes('Ready.') && cli.listening === 1 ? true : undefined));
    cli.signal(signal);
    expect(await end).toBe(code);
    expect(cli.closes).toEqual([close]);
    expect(cli.reaches).toEqual(['own']);
    expect(cli.listening).toBe(0);
  });

  test('R75 that starts frozen says why, and how to let it go on', async () => {
    const frozen = 'The database was damaged.';
    const status = getStatus() as { readonly value: object };
    const cli = createFakeCli({
      handlers: { getStatus: () => ok({ ...status.value, frozen }) as never },
      role: 'host',
    });
    const end = cli.run('engine');
    await until('ready', () => (cli.printed.out.includes('Ready.') && cli.listening === 1 ? true : undefined));
    expect(cli.printed.out).toContain(`Everything is frozen: ${frozen} Let it go on with: signalbox thaw`);
    cli.signal('SIGTERM');
    await end;
  });

  test('with --json it says when it is ready', async () => {
    const cli = createFakeCli({ handlers: { getStatus }, role: 'host' });
    const end = cli.run('engine', '--json');
    await until('ready', () => (cli.listening === 1 ? true : undefined));
    expect(JSON.parse(cli.printed.out)).toMatchObject({ ready: { pid: 5 } });
    cli.signal('SIGHUP');
    expect(await end).toBe(129);
  });
});

describe('demo', () => {
  const getStatus = () => ok({ resumedRuns: [], reapedProcesses: 0, runs: {}, tasks: {} }) as never;
  const getWorkflow = () => ok({ definition: { inputs: [] } }) as never;

  function start(cwd: string, outputs: object, state: 'run.completed' | 'run.failed') {
    const created = runOf([createdEvent(['deployment'])]);
    const startRun = vi.fn(() => ok(created));
    const cli = createFakeCli({
      handlers: { getStatus, getWorkflow, startRun },
      cwd,
      env: { npm_lifecycle_event: 'demo' },
    });
    for (const event of [
      createdEvent(['deployment']),
      ...claimedEvents('deployment'),
      sampleEvent('stage.completed', { stage: 'deployment', outputs, gates: [] }),
      sampleEvent(state, { failure }),
    ]) {
      const { seq: _seq, ...fields } = event;
      cli.engine.commit(fields);
    }
    return { cli, startRun };
  }

  test('builds in a new visible folder, and ends with the exact command that starts the product', async () => {
    const cwd = temporaryFolder();
    const { cli, startRun } = start(cwd, { current: '/my work/current' }, 'run.completed');
    // The workflow of the catalogue is parsed by the engine; here only its answer matters.
    expect(await cli.run('demo')).toBe(0);
    const [made = ''] = readdirSync(join(cwd, 'signalbox-demo'));
    expect(startRun).toHaveBeenCalledWith(
      expect.objectContaining({
        workflow: 'app',
        folder: join(cwd, 'signalbox-demo', made),
        inputs: { name: 'calculator-app', requirements: expect.stringContaining('add') },
      }),
    );
    const program = join('/my work/current', 'bin', 'calculator-app.mjs');
    expect(cli.printed.out).toContain(`  node "${program}" serve --port 8080\n`);
    expect(cli.printed.out).toContain('node bin/signalbox.mjs show 00000000');
  });

  test('when it fails, says where to look and how to try again', async () => {
    const { cli } = start(temporaryFolder(), {}, 'run.failed');
    expect(await cli.run('demo')).toBe(1);
    expect(cli.printed.out).toContain('Try again: node bin/signalbox.mjs retry 00000000');
  });

  test('a folder that cannot be made is refused before anything is begun', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'file'), '');
    const { cli } = start(cwd, {}, 'run.completed');
    expect(await cli.run('demo', '--folder', 'file/below')).toBe(2);
    expect(cli.reaches).toEqual([]);
    expect(existsSync(join(cwd, 'signalbox-demo'))).toBe(false);
  });
});

describe('submit --wait for a task', () => {
  const enqueueTasks = () => ok({ taskIds: [taskId] }) as never;
  const getStatus = () => ok({ lastSeq: 0 }) as never;

  function start(states: readonly string[]) {
    let look = 0;
    const getTask = () => {
      const state = states[Math.min(look, states.length - 1)];
      look += 1;
      return ok({ ...taskView, task: { ...task, state, failure: state === 'failed' ? failure : null } }) as never;
    };
    const cancelTask = vi.fn(() => refuse('refused', 'no', 'no'));
    const cli = createFakeCli({ handlers: { enqueueTasks, getStatus, getTask, cancelTask } });
    return { cli, cancelTask };
  }

  test.each([
    ['completed', 0, '✓ app / build completed in 2.0 s'],
    ['failed', 1, '  exit code 1\n    Read its log.'],
  ])('a task that ends %s ends the command with %i', async (state, code, words) => {
    const { cli } = start(['running', state]);
    const end = cli.run('submit', '--wait', '--script', 'x');
    await until('following', () => (cli.engine.subscriptions === 1 ? true : undefined));
    cli.engine.commit();
    expect(await end).toBe(code);
    expect(cli.printed.out).toContain(words);
    expect(cli.reaches).toEqual(['work']);
    expect(cli.listening).toBe(0);
  });

  test('Ctrl-C cancels it, a second one stops waiting', async () => {
    const { cli, cancelTask } = start(['running']);
    const end = cli.run('submit', '--wait', '--json', '--script', 'x');
    await until('following', () => (cli.engine.subscriptions === 1 ? true : undefined));
    cli.signal('SIGINT');
    await until('the cancelling', () => (cancelTask.mock.calls.length === 1 ? true : undefined));
    cli.signal('SIGINT');
    expect(await end).toBe(130);
    expect(cli.printed.err).toContain('Its cancelling is stored');
  });
});
