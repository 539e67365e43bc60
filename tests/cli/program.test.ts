import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { RefusedError } from '../../src-main/cli/refused.ts';
import type { ApiHandlers } from '../../src-main/contract/api.ts';
import { refuse } from '../../src-main/contract/errors.ts';
import { ok } from '../../src-main/contract/result.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createFakeCli } from './fake-context.ts';
import { claimedEvents, createdEvent, runId, runOf, sampleEvent, sampleId } from './samples.ts';

const counts = { queued: 0, running: 0, paused: 0, waiting: 0, completed: 0, failed: 0, cancelled: 0 };
const status = {
  version: '1.2.3',
  pid: 77,
  dataFolder: '/data',
  startedAt: 0,
  lastSeq: 0,
  frozen: null,
  slots: { used: 0, total: 16 },
  runs: counts,
  tasks: { blocked: 0, queued: 0, claimed: 0, running: 0, completed: 0, failed: 0, cancelled: 0, dead: 0 },
  agents: { stopped: 0, starting: 0, idle: 0, busy: 0, draining: 0, unhealthy: 0, crashed: 0, disabled: 0 },
  resumedRuns: [],
  reapedProcesses: 0,
};
const run = runOf([createdEvent()]);
const workflow = {
  name: 'app',
  title: 'App',
  description: '',
  origin: 'bundled',
  path: '/app.yaml',
  stages: 2,
  problems: [],
  source: '',
  definition: { name: 'app', inputs: [{ name: 'count', type: 'integer', required: false }], stages: [] },
};
const handlers: Partial<ApiHandlers> = {
  getStatus: () => ok(status) as never,
  getWorkflow: () => ok(workflow) as never,
  startRun: () => ok(run),
  getRun: () => ok(run),
  listRuns: () => ok({ runs: [{ ...run, currentStages: ['build'] }], next: null }) as never,
  listTasks: () => ok({ tasks: [], next: null, total: null }),
};

describe('words', () => {
  test('--version prints the version', async () => {
    const cli = createFakeCli();
    expect(await cli.run('--version')).toBe(0);
    expect(cli.printed.out).toBe('1.2.3\n');
  });

  test('--help names every command, with examples and exit codes', async () => {
    const cli = createFakeCli();
    expect(await cli.run('--help')).toBe(0);
    const commands =
      'demo run submit engine runs tasks show logs agents workflows approvals approve reject rules cancel';
    for (const word of `${commands} pause resume retry freeze thaw events doctor Examples Exit`.split(' ')) {
      expect(cli.printed.out).toContain(word);
    }
  });

  test.each([
    [['frob'], "unknown command 'frob'"],
    [['runn', 'x'], "unknown command 'runn'"],
    [['run'], "missing required argument 'workflow'"],
    [['runs', '--colour'], "unknown option '--colour'"],
    [['runs', 'extra'], 'too many arguments'],
    [[], 'Usage: signalbox'],
  ])('R74 %j ends with 2 and says what is wrong, on standard error', async (argv, message) => {
    const cli = createFakeCli();
    expect(await cli.run(...argv)).toBe(2);
    expect(cli.printed.err).toContain(message);
    expect(cli.printed.out).toBe('');
    expect(cli.reaches).toEqual([]);
  });

  test.each([
    [['runs', '--limit', '0'], '--limit 0 is not possible.'],
    [['runs', '--state', 'happy'], 'There is no state happy.'],
    [['runs', '--workflow', 'No Name'], 'is no workflow'],
    [['events', '--after', '-1'], '--after -1 is not possible.'],
    [['events', '--agent', 'No Name'], 'is no agent'],
    [['logs', 'x', '--from', '0'], '--from 0 is no line number.'],
    [['engine', '--drain', 'soon'], '--drain soon is no number of seconds.'],
    [['submit'], 'It is not clear what to submit.'],
    [['submit', 'a', 'b'], 'It is not clear what to submit.'],
    [['submit', '--command'], 'The command is missing.'],
    [['submit', '--script', 'x', '--prompt', 'y'], 'More than one kind of work is given.'],
    [['submit', '--prompt', 'y'], 'Nobody is named who is to read the prompt.'],
    [['submit', '--agent', 'No Name', '--prompt', 'y'], 'is no agent type.'],
    [['submit', 'extra', '--script', 'x'], '"extra" is too much.'],
    [['submit', '--priority', 'urgent', '--script', 'x'], 'There is no priority "urgent".'],
    [['agents', 'add', 'a', '--env', 'x', '--', 'prog'], '--env "x" has no name and value.'],
    [['agents', 'add', 'Bad Name', '--', 'prog'], 'must be lower-case letters'],
    [['agents', 'add', 'a'], 'command must name a program'],
    [['agents', 'stop', 'Bad Name'], "is no agent's id."],
    [['workflows', 'validate', '/missing.yaml'], 'The workflow file /missing.yaml cannot be read'],
    [['retry', 'x', '--stage', 'No Name'], "is no stage's name."],
  ])('R74 %j is refused with a remedy', async (argv, message) => {
    const cli = createFakeCli({ handlers });
    expect(await cli.run(...argv)).toBe(2);
    expect(cli.printed.err).toContain(message);
    expect(cli.printed.err.trimEnd().split('\n')).toHaveLength(2);
    expect(cli.engine.calls.filter(({ name }) => !/^(get|list)/.test(name))).toEqual([]);
  });
});

describe('errors', () => {
  test.each([
    ['invalidInput', 2],
    ['notFound', 2],
    ['refused', 1],
    ['conflict', 1],
    ['unavailable', 1],
    ['storeFailed', 2],
    ['internal', 1],
  ] as const)('%s ends with %i', async (type, code) => {
    const cli = createFakeCli({ handlers: { listAgents: () => refuse(type, 'What and why.', 'What to do.') } });
    expect(await cli.run('agents')).toBe(code);
    expect(cli.printed).toEqual({ out: '', err: '✗ What and why.\n  What to do.\n' });
    expect(cli.closes).toHaveLength(1);
  });

  test('with --json an error is JSON too', async () => {
    const cli = createFakeCli({ handlers: { listAgents: () => refuse('refused', 'Why.', 'Do.') } });
    expect(await cli.run('agents', '--json')).toBe(1);
    expect(JSON.parse(cli.printed.err)).toEqual({ error: { type: 'refused', message: 'Why.', remedy: 'Do.' } });
  });

  test('the problems of a file are listed one by one', async () => {
    const problem = {
      severity: 'error',
      message: 'slots.total must be at least 1',
      line: 3,
      column: 5,
      path: 'x',
    } as const;
    const reach = async () => {
      const problems = [problem, { ...problem, line: 4 }];
      throw new RefusedError({ type: 'invalidInput', message: 'Bad file.', remedy: 'Correct it.', problems });
    };
    const cli = createFakeCli({ reach });
    expect(await cli.run('runs')).toBe(2);
    expect(cli.printed.err).toContain('  3:5  slots.total must be at least 1\n  4:5  slots.total');
  });

  test('a defect is not dressed up as an error of the person', async () => {
    const reach = async () => {
      throw new TypeError('defect');
    };
    await expect(createFakeCli({ reach }).run('runs')).rejects.toThrow('defect');
  });
});

describe('lists', () => {
  test('runs are shown in aligned columns', async () => {
    const cli = createFakeCli({ handlers });
    expect(await cli.run('runs')).toBe(0);
    expect(cli.lines()).toEqual([
      'state     run       workflow  done  stage  created',
      '○ queued  00000000  app        0 %  build  just now',
    ]);
    expect(cli.reaches).toEqual(['idle']);
  });

  test('where no engine runs, open work is said to wait for one', async () => {
    const cli = createFakeCli({ handlers, role: 'idle' });
    await cli.run('runs');
    expect(cli.lines().at(-1)).toBe(
      'No engine is running: what is open goes on with the next one. Start one with: signalbox engine',
    );
  });

  test('the rest of a list is one command away', async () => {
    const listRuns = () => ok({ runs: [{ ...run, currentStages: [] }], next: 'run_next' }) as never;
    const cli = createFakeCli({ handlers: { listRuns } });
    await cli.run('runs', '--limit', '1', '--state', 'queued', '--workflow', 'app', '--after', 'x');
    expect(cli.lines().at(-1)).toBe('More: signalbox runs --after run_next');
    expect(cli.engine.calls[0]?.input).toEqual({
      limit: 1,
      after: 'x',
      states: ['queued'],
      workflow: 'app',
      count: false,
    });
  });

  test.each([
    ['runs', 'listRuns', { runs: [], next: null }],
    ['tasks', 'listTasks', { tasks: [], next: null }],
  ] as const)('with --json, %s prints what the engine said, as one document', async (command, name, value) => {
    const cli = createFakeCli({ handlers: { [name]: () => ok(value) } });
    expect(await cli.run(command, '--json')).toBe(0);
    expect(JSON.parse(cli.printed.out)).toEqual(value);
    const words = createFakeCli({ handlers: { [name]: () => ok(value) } });
    await words.run(command);
    expect(words.printed.out).toMatch(/^(No runs|No tasks|Nothing waits)/);
  });
});

describe('run', () => {
  const ended = (kind: 'run.completed' | 'run.failed', failure?: object) => {
    const cli = createFakeCli({ handlers });
    for (const event of [
      createdEvent(),
      ...claimedEvents('build'),
      sampleEvent(kind, failure === undefined ? {} : { failure }),
    ]) {
      const { seq: _seq, ...fields } = event;
      cli.engine.commit(fields);
    }
    return cli;
  };

  test('a completed run ends with 0, inputs typed by the workflow, and a request id', async () => {
    const cli = ended('run.completed');
    expect(await cli.run('run', 'app', '-i', 'count=3', '--folder', 'sub', '--priority', 'high')).toBe(0);
    const started = cli.engine.calls.find(({ name }) => name === 'startRun')?.input;
    expect(started).toEqual({
      workflow: 'app',
      inputs: { count: 3 },
      folder: join('/work', 'sub'),
      priority: 'high',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(cli.printed.out).toContain('✓ app completed in 0.0 s');
    expect(cli.closes).toHaveLength(1);
    expect(cli.listening).toBe(0);
  });

  test('a failed run ends with 1', async () => {
    const cli = ended('run.failed', { category: 'exit', class: 'fatal', message: 'exit code 1' });
    expect(await cli.run('run', 'app')).toBe(1);
    expect(cli.printed.out).toContain('exit code 1');
  });

  test('with --json there is one document and no progress', async () => {
    const cli = ended('run.completed');
    expect(await cli.run('run', 'app', '--json')).toBe(0);
    expect(JSON.parse(cli.printed.out)).toMatchObject({ run: { id: runId, state: 'completed' } });
  });

  test('on a terminal the progress is drawn in place', async () => {
    const cli = createFakeCli({ handlers, columns: 90 });
    const end = cli.run('run', 'app');
    const { seq: _seq, ...created } = createdEvent();
    cli.engine.commit(created);
    await vi.waitFor(() => expect(cli.printed.out).toContain('pending'));
    cli.tick();
    cli.engine.commit({ kind: 'run.cancelled', runId, reason: 'no more' });
    expect(await end).toBe(1);
    expect(cli.printed.out).toContain('\u001b[3A');
    expect(cli.printed.out).toContain('cancelled');
  });

  test('R70 what is else under way is said to be parked, and what was taken up to be taken up', async () => {
    const getStatus = () =>
      ok({ ...status, runs: { ...counts, running: 2 }, resumedRuns: [runId], reapedProcesses: 1 }) as never;
    const cli = createFakeCli({ handlers: { ...handlers, getStatus }, role: 'host' });
    for (const event of [createdEvent(), sampleEvent('run.completed', {})]) {
      const { seq: _seq, ...fields } = event;
      cli.engine.commit(fields);
    }
    await cli.run('run', 'app');
    expect(cli.printed.err).toBe(
      [
        'Taken up again from an earlier engine: 1 run (00000000).',
        'Ended what an earlier engine had left behind: 1 process.',
        'Parked: 2 other runs. Stored, and continued by the next engine; start one with: signalbox engine',
        '',
      ].join('\n'),
    );
  });

  test('a refused start closes the engine and changes nothing', async () => {
    const cli = createFakeCli({ handlers: { ...handlers, startRun: () => refuse('invalidInput', 'No.', 'Do.') } });
    expect(await cli.run('run', 'app')).toBe(2);
    expect(cli.closes).toHaveLength(1);
  });
});

describe('submit', () => {
  const enqueueTasks = () => ok({ taskIds: [sampleId('task', 5)] }) as never;

  test('hands a run over to the living engine and does not wait', async () => {
    const cli = createFakeCli({ handlers });
    expect(await cli.run('submit', 'app')).toBe(0);
    expect(cli.lines()).toEqual([
      'Run 00000000 of app is with the engine of process 77.',
      'See it with: signalbox show 00000000',
    ]);
    expect(cli.reaches).toEqual(['idle']);
  });

  test('without an engine it says that the run is stored and when it starts', async () => {
    const cli = createFakeCli({ handlers, role: 'idle' });
    expect(await cli.run('submit', 'app')).toBe(0);
    expect(cli.lines().slice(0, 2)).toEqual([
      'Run 00000000 of app is stored. No engine is running: it starts with the next one.',
      'Start an engine with: signalbox engine (or submit with --wait)',
    ]);
  });

  test.each([
    [
      ['--command', '--', 'npm', 'test', '--json'],
      {
        agent: { type: 'shell', capabilities: [] },
        work: { kind: 'command', command: { kind: 'argv', argv: ['npm', 'test', '--json'] } },
      },
    ],
    [
      ['--script', 'a; b', '--title', 'T'],
      {
        title: 'T',
        agent: { type: 'shell', capabilities: [] },
        work: { kind: 'command', command: { kind: 'script', script: 'a; b' } },
      },
    ],
    [
      ['--agent', 'claude', '--prompt', 'Do it', '--folder', '/else'],
      {
        folder: '/else',
        agent: { type: 'claude', capabilities: [] },
        work: { kind: 'prompt', prompt: 'Do it', config: {} },
      },
    ],
  ])('stores a single task: %j', async (argv, expected) => {
    const cli = createFakeCli({ handlers: { ...handlers, enqueueTasks } });
    expect(await cli.run('submit', ...argv)).toBe(0);
    const input = cli.engine.calls.find(({ name }) => name === 'enqueueTasks')?.input;
    expect(input).toMatchObject({ tasks: [{ folder: '/work', ...expected }] });
    expect(cli.printed.out).toContain('Task 00000005 is with the engine of process 77.');
  });
});

describe('doctor', () => {
  const finding = (statusWord: 'ok' | 'warning' | 'broken') => ({
    check: 'disk',
    status: statusWord,
    detail: 'd',
    remedy: statusWord === 'ok' ? null : 'Free some.',
  });

  test.each([
    ['ok', 0, 'Everything works.'],
    ['warning', 0, 'Everything works; 1 warning.'],
    ['broken', 1, '1 thing broken.'],
  ] as const)('%s ends with %i', async (word, code, verdict) => {
    const cli = createFakeCli({
      handlers: { runDoctor: () => ok({ findings: [] }) },
      checkMachine: async () => [finding(word)],
    });
    expect(await cli.run('doctor')).toBe(code);
    expect(cli.lines().at(-1)).toBe(verdict);
    expect(cli.printed.out.includes('→ Free some.')).toBe(word !== 'ok');
  });

  test('a database that cannot be opened is broken, with the remedy of the store', async () => {
    const reach = async () => {
      throw new RefusedError({ type: 'storeFailed', message: 'Damaged.', remedy: 'Take the copy.' });
    };
    const cli = createFakeCli({ reach });
    expect(await cli.run('doctor', '--json')).toBe(1);
    expect(JSON.parse(cli.printed.out)).toEqual({
      findings: [{ check: 'database', status: 'broken', detail: 'Damaged.', remedy: 'Take the copy.' }],
    });
  });

  test('where the data folder cannot be used, the database is not tried', async () => {
    const cli = createFakeCli({ checkMachine: async () => [{ ...finding('broken'), check: 'data folder' }] });
    expect(await cli.run('doctor')).toBe(1);
    expect(cli.reaches).toEqual([]);
  });
});

describe('workflows', () => {
  test('validate prints findings as compilers do, and ends with 2', async () => {
    const folder = mkdtempSync(join(temporaryFolder(), 'w'));
    writeFileSync(join(folder, 'flow.yaml'), 'name: x');
    const problem = { severity: 'error', message: 'has no stages', line: 1, column: 2, path: 'stages' } as const;
    const validateWorkflow = () => ok({ problems: [problem], definition: null });
    const cli = createFakeCli({ handlers: { validateWorkflow }, cwd: folder });
    expect(await cli.run('workflows', 'validate', 'flow.yaml')).toBe(2);
    expect(cli.lines()).toEqual([`${join(folder, 'flow.yaml')}:1:2: ✗ error: has no stages`]);
    const good = createFakeCli({
      handlers: { validateWorkflow: () => ok({ problems: [], definition: null }) },
      cwd: folder,
    });
    expect(await good.run('workflows', 'validate', 'flow.yaml')).toBe(0);
    expect(readdirSync(folder)).toEqual(['flow.yaml']);
  });
});
