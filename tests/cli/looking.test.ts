import { describe, expect, test } from 'vitest';
import type { ApiHandlers } from '../../src-main/contract/api.ts';
import { ok } from '../../src-main/contract/result.ts';
import { until } from '../support/until.ts';
import { createFakeCli } from './fake-context.ts';
import { runId, sampleId } from './samples.ts';
import { attempt, attemptId, workHandlers as handlers, logLines, run, task, taskId, taskView } from './work-samples.ts';

describe('show', () => {
  test('a run with its stages, gates and outputs, and nothing that a terminal obeys', async () => {
    const cli = createFakeCli({ handlers });
    expect(await cli.run('show', runId)).toBe(0);
    expect(cli.printed.out).toContain(`✓ completed  app  run ${runId}`);
    expect(cli.printed.out).toContain('✓ completed  build  00000001  0.0 s  coverage >= 80 (97)');
    expect(cli.printed.out).toContain('outputs of build\n  file  a.txt\n  size  3\n');
    expect(cli.printed.out).not.toContain('\u001b');
  });

  test('a task with its attempts, its failure and what to do', async () => {
    const cli = createFakeCli({ handlers });
    expect(await cli.run('show', '0001')).toBe(0);
    for (const words of [
      '✗ failed',
      'npm test',
      'exit code 1 (exit, fatal)',
      'Read its log.',
      '#1',
      'process 4242',
      'exit 1',
    ])
      expect(cli.printed.out).toContain(words);
  });

  test.each([
    [{ kind: 'prompt', prompt: 'Do it', config: {} }, 'Do it'],
    [{ kind: 'command', command: { kind: 'script', script: 'a; b' } }, 'a; b'],
  ])('the work of a task in words: %j', async (work, words) => {
    const getTask = () =>
      ok({ ...taskView, attempts: [], task: { ...task, outputs: { a: 1 }, spec: { ...task.spec, work } } }) as never;
    const cli = createFakeCli({ handlers: { ...handlers, getTask } });
    await cli.run('show', taskId);
    expect(cli.printed.out).toContain(words);
  });

  test('R18 what is stuck, with the evidence, of a run and of a task', async () => {
    const evidence = 'last activity 62 s ago, process 123 alive, 0.3 % of a core';
    const stuck = { ...attempt, stage: 'build', failure: null, stuck: { since: 0, rung: 'notice', evidence } };
    const work = { run, definition: {}, tasks: [], attempts: [stuck], approvals: [], lastSeq: 0 };
    const getRunWork = () => ok(work) as never;
    const getTask = () => ok({ ...taskView, attempts: [stuck] }) as never;
    for (const id of [runId, taskId]) {
      const cli = createFakeCli({ handlers: { ...handlers, getRunWork, getTask } });
      expect(await cli.run('show', id)).toBe(0);
      expect(cli.printed.out).toContain(`stuck (notice): ${evidence}`);
    }
  });

  test('an attempt has no page of its own', async () => {
    const cli = createFakeCli({ handlers });
    expect(await cli.run('show', attemptId)).toBe(2);
    expect(cli.printed.err).toContain('An attempt has no page of its own.');
  });

  test('with --json the whole row', async () => {
    const cli = createFakeCli({ handlers });
    await cli.run('show', runId, '--json');
    expect(JSON.parse(cli.printed.out)).toEqual(JSON.parse(JSON.stringify({ run, stuck: [] })));
    expect(cli.printed.out).not.toContain('\u001b');
  });
});

describe('logs', () => {
  test('lines with their stream; nothing in them moves the cursor', async () => {
    const cli = createFakeCli({ handlers });
    expect(await cli.run('logs', runId)).toBe(0);
    expect(cli.lines()).toEqual(['  hello red', '! oh … (longer; whole in the file)']);
  });

  test('on a terminal colours stay, and are ended with their line', async () => {
    const cli = createFakeCli({ handlers, columns: 90 });
    await cli.run('logs', taskId);
    expect(cli.printed.out.split('\n')[0]).toContain('hello \u001b[31mred\u001b[0m\u001b[0m');
    expect(cli.printed.out).not.toContain('\u001b]');
  });

  test('several attempts are told apart, one stage can be chosen, and a line to start from', async () => {
    const getTask = () =>
      ok({ ...taskView, attempts: [attempt, { ...attempt, id: sampleId('attempt', 102), number: 2 }] }) as never;
    const cli = createFakeCli({ handlers: { ...handlers, getTask } });
    await cli.run('logs', runId, '--stage', 'build', '--from', '2', '--times');
    expect(cli.lines()).toHaveLength(2);
    expect(cli.lines()[1]).toMatch(/^build #2 {2}\d\d:\d\d:\d\d\.\d{3} ! oh/);
  });

  test('a stage that is not there is refused with those that are', async () => {
    const cli = createFakeCli({ handlers });
    expect(await cli.run('logs', runId, '--stage', 'ship')).toBe(2);
    expect(cli.printed.err).toContain('The run has no stage ship.\n  It has: build.');
  });

  test('JSON is one line per line, with its attempt', async () => {
    const cli = createFakeCli({ handlers });
    await cli.run('logs', attemptId, '--json');
    expect(cli.lines().map((line) => JSON.parse(line))).toEqual(
      logLines.map((line) => ({ attemptId, stage: null, ...line })),
    );
  });

  test('an empty log says so', async () => {
    const readLog = () => ok({ lines: [], totalLines: 0, complete: true, path: '' });
    const cli = createFakeCli({ handlers: { ...handlers, readLog } });
    expect(await cli.run('logs', attemptId)).toBe(0);
    expect(cli.printed).toEqual({ out: '', err: 'Nothing is printed in this log.\n' });
  });

  test('-f goes on until the work has ended, and prints every line once', async () => {
    let lines = 1;
    let ended = false;
    const growing: Partial<ApiHandlers> = {
      ...handlers,
      getTask: () => ok({ ...taskView, task: { ...task, endedAt: ended ? 1 : null } }) as never,
      readLog: ({ from }) =>
        ok({ lines: logLines.slice(from - 1, lines), totalLines: lines, complete: ended, path: '' }) as never,
    };
    const cli = createFakeCli({ handlers: growing });
    const end = cli.run('logs', '-f', taskId);
    await until('the first line', () => (cli.printed.out !== '' && cli.listening === 2 ? true : undefined));
    lines = 2;
    ended = true;
    cli.tick();
    expect(await end).toBe(0);
    expect(cli.lines()).toHaveLength(2);
    expect(cli.listening).toBe(0);
  });

  test('Ctrl-C ends following with 0, SIGTERM with 143; without an engine there is nothing to follow', async () => {
    const open: Partial<ApiHandlers> = {
      ...handlers,
      getTask: () => ok({ ...taskView, task: { ...task, endedAt: null } }) as never,
      readLog: () => ok({ lines: [], totalLines: 0, complete: false, path: '' }),
    };
    for (const [signal, code] of [
      ['SIGINT', 0],
      ['SIGTERM', 143],
    ] as const) {
      const cli = createFakeCli({ handlers: open });
      const end = cli.run('logs', '-f', taskId);
      await until('following', () => (cli.listening === 2 ? true : undefined));
      cli.signal(signal);
      expect(await end).toBe(code);
    }
    const idle = createFakeCli({ handlers: open, role: 'idle' });
    expect(await idle.run('logs', '-f', taskId)).toBe(0);
    expect(idle.printed.err).toContain('No engine is running, so nothing more is printed.');
  });
});

describe('events', () => {
  const getStatus = () => ok({ lastSeq: 3 }) as never;

  async function cliWithEvents(role: 'guest' | 'idle' = 'guest') {
    const cli = createFakeCli({ handlers: { ...handlers, getStatus }, role });
    for (const reason of ['a', 'b', 'c'.repeat(500)]) cli.engine.commit({ reason });
    return cli;
  }

  test('the last ones, oldest first, each on one line', async () => {
    const cli = await cliWithEvents();
    expect(await cli.run('events', '--limit', '2')).toBe(0);
    expect(cli.lines()).toHaveLength(2);
    expect(cli.lines()[0]).toMatch(/^ {5}2 {2}\d\d:\d\d:\d\d\.\d{3} {2}engine\.frozen +reason=b$/);
  });

  test('filters reach the engine, by whole ids', async () => {
    const cli = await cliWithEvents();
    await cli.run('events', '--run', runId, '--task', taskId, '--agent', 'builder', '--after', '1', '--json');
    expect(cli.engine.calls.find(({ name }) => name === 'listEvents')?.input).toEqual({
      runId,
      taskId,
      agentId: 'builder',
      afterSeq: 1,
      order: 'oldest',
      limit: 200,
    });
    expect(cli.lines().map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([2, 3]);
  });

  test('-f goes on until Ctrl-C', async () => {
    const cli = await cliWithEvents();
    const end = cli.run('events', '-f', '--after', '2');
    await until('following', () => (cli.engine.subscriptions === 1 ? true : undefined));
    cli.engine.commit({ reason: 'live' });
    await until('the new event', () => (cli.printed.out.includes('reason=live') ? true : undefined));
    cli.signal('SIGINT');
    expect(await end).toBe(0);
    expect(cli.lines()).toHaveLength(2);
  });

  test('without an engine nothing more happens, which is said', async () => {
    const cli = await cliWithEvents('idle');
    expect(await cli.run('events', '-f')).toBe(0);
    expect(cli.printed.err).toContain('No engine is running');
  });
});

describe('workflows', () => {
  const summary = {
    name: 'app',
    title: 'Build an application',
    description: 'Long.',
    origin: 'bundled',
    path: '/app.yaml',
    stages: 2,
    problems: [{ severity: 'warning', message: 'odd', line: 2, column: 3, path: 'x' }],
  };
  const stage = { needs: [], env: {}, gates: [], outputs: [], onFailure: 'stop', timeouts: {}, retry: {} };
  const definition = {
    name: 'app',
    inputs: [
      { name: 'name', type: 'string', required: true, description: 'its name' },
      { name: 'size', type: 'integer', required: false, default: 3 },
      { name: 'more', type: 'text', required: false },
    ],
    stages: [
      {
        ...stage,
        name: 'a',
        action: { kind: 'agent', agent: { type: 'builder', capabilities: [] }, prompt: 'p', with: {} },
      },
      { ...stage, name: 'b', needs: ['a'], action: { kind: 'run', command: { kind: 'argv', argv: ['x'] } } },
      { ...stage, name: 'c', action: { kind: 'approval', question: 'Go?', onTimeout: 'reject' } },
    ],
  };

  test('are listed, the faulty ones marked', async () => {
    const broken = {
      ...summary,
      name: 'mine',
      origin: 'user',
      problems: [{ ...summary.problems[0], severity: 'error' }],
    };
    const cli = createFakeCli({ handlers: { listWorkflows: () => ok({ workflows: [summary, broken] }) as never } });
    await cli.run('workflows');
    expect(cli.lines()[1]).toBe('✓  app            2  bundled  Build an application');
    expect(cli.lines()[2]).toContain('1 faults, see signalbox workflows show mine');
  });

  test('one is shown with its inputs, stages and findings', async () => {
    const cli = createFakeCli({ handlers: { getWorkflow: () => ok({ ...summary, source: '', definition }) as never } });
    await cli.run('workflows', 'show', 'app');
    for (const words of [
      'required   its name',
      'default 3',
      'optional',
      'agent builder',
      'needs a',
      'approval',
      '/app.yaml:2:3: ◆ warning: odd',
    ])
      expect(cli.printed.out).toContain(words);
  });
});
