import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiName } from '../../../src-main/contract/api.ts';
import { routeOfArguments, routeOfLink } from '../../../src-main/shell/deep-link.ts';
import { commandTask, RealEngine } from '../../support/real-engine.ts';
import type { FaultGroup, Trial } from '../fault-group.ts';
import { nothingChangedOutside, snapshotOf } from '../properties/output.ts';
import { parkAndHold } from '../real-trial.ts';

/** Places that a path must not lead to; `out` is a folder beside the data folder. */
const hostilePaths = (out: string): readonly string[] => [
  '..',
  '../out',
  '../../out',
  '../../../out',
  'a/../../../out',
  './././../../out/x',
  out,
  `${out}/made`,
  '/etc',
  '/',
  '~',
  '~root',
  '..\\..\\out',
  'C:\\Windows',
  '\\\\server\\share',
  'CON',
  'NUL',
  'aux.txt',
  'COM1',
  'trailing.',
  '%2e%2e/out',
  '..%2fout',
  '\u2025/out',
  'a\u0000b',
  'x'.repeat(5_000),
  `${'d/'.repeat(2_000)}x`,
  '-rf',
  '$(touch escaped)',
  '`touch escaped`',
  'a\nb',
  ' ',
];

/** What is no id and no name. */
const hostileNames = [
  '../out',
  '..',
  '.',
  '/etc/passwd',
  'a/b',
  'a\\b',
  'CON/x',
  'NUL:',
  'a\u0000b',
  'x'.repeat(1_000),
  '__proto__',
  '',
];

/** Paths made of what others say. */
export const paths: FaultGroup = {
  number: 14,
  title: 'Paths that lead elsewhere',
  faults: [
    'Climbing, absolute, encoded, reserved, empty and endless paths and names as the folder of a run, of a stage and of a task, as inputs that become folders, as ids, as names of workflow files, agents and schedules, and in links: refused, or inside the workspace.',
    'A folder in the workspace that a stage swaps for a link to elsewhere before the next stage works in it.',
  ],
  run: async (context) => {
    await context.trials('hostile paths', { short: 1, full: 3 }, hostileTrial);
    await context.trials('a swapped link', { short: 1, full: 3 }, swapTrial);
  },
};

interface Place {
  readonly engine: RealEngine;
  readonly out: string;
  /** Everything around the data folder. */
  look(): ReturnType<typeof snapshotOf>;
}

async function openPlace(trial: Trial): Promise<Place> {
  const around = trial.makeFolder();
  const out = join(around, 'out');
  mkdirSync(out);
  writeFileSync(join(out, 'precious.txt'), 'precious');
  const dataFolder = join(around, 'data');
  mkdirSync(dataFolder);
  const engine = await RealEngine.open({ dataFolder });
  trial.cleanUp(() => engine.park().catch(() => undefined));
  const look = () => new Map([...snapshotOf(around)].filter(([path]) => !path.startsWith('data/')));
  return { engine, out, look };
}

async function hostileTrial(trial: Trial): Promise<void> {
  const { engine, out, look } = await openPlace(trial);
  const before = look();
  const source = `
name: hostile
inputs: { dir: { type: string } }
stages:
  - { name: one, run: ["/bin/sh", "-c", "pwd; touch made-by-stage"], folder: "\${{ inputs.dir }}" }
`;
  const workflow = engine.writeWorkflow(source);
  let runs = 0;
  // An absolute folder that exists may be worked in: the person who starts the run named it.
  const folders = hostilePaths(out).filter((path) => path !== out && path !== '/etc' && path !== '/');
  for (const path of folders) {
    const started = await engine.attempt('startRun', { workflow, inputs: { dir: path } });
    if (!started.ok) continue;
    const run = await engine.runEnd(started.value.id);
    runs += 1;
    const failure = run.stages[0]?.failure?.message ?? '';
    trial.expect(run.state === 'completed' || failure !== '', 'A stage failed without a reason.', [
      path.slice(0, 60),
      run.state,
    ]);
  }
  trial.expect(runs > 5, 'Too few of the paths came as far as a run.', runs);
  await trial.hold(nothingChangedOutside(before, look()));
  trial.saw('runs with a hostile folder', runs);
  await hostileCommands(trial, engine, out);
  await trial.hold(nothingChangedOutside(before, look()));
  const { task } = await engine.runTask(commandTask(['/bin/true']));
  await parkAndHold(trial, engine, [task.id]);
}

/** Calls with what no type would allow; each must be refused. */
async function hostileCommands(trial: Trial, engine: RealEngine, out: string): Promise<void> {
  const definition = { title: 't', type: 'x', protocol: 'command', command: ['/bin/true'], env: {}, capabilities: [] };
  const rest = { repositories: [], slots: 1, startTimeoutMs: 1, idleStopMs: 0, permissions: 'reject', builtin: false };
  const timing = { kind: 'once', at: 1 };
  const calls: (readonly [ApiName, unknown])[] = hostileNames.flatMap((name) => [
    ['saveAgent', { id: name, ...definition, ...rest }] as const,
    ['saveWorkflow', { name, source: 'name: x\nstages: []\n', replaces: null }] as const,
    ['deleteWorkflow', { name, replaces: '0'.repeat(64) }] as const,
    ['readLog', { attemptId: name, limit: 10 }] as const,
    ['getTask', { taskId: name }] as const,
    ['startRun', { workflow: name, inputs: {}, folder: name }] as const,
    ['saveSchedule', { id: name, title: 't', timing, start: { kind: 'run', workflow: 'app' } }] as const,
  ]);
  // An absolute folder that exists may be worked in: whoever names it means it. Everything else is refused.
  const folders = hostilePaths(out).filter((path) => path !== out && path !== '/etc' && path !== '/');
  for (const folder of folders) {
    calls.push(['enqueueTasks', { tasks: [{ ...commandTask(['/bin/true']), folder }] }]);
    calls.push(['startRun', { workflow: 'app', inputs: { name: 'x', requirements: 'y' }, folder }]);
  }
  for (const [name, input] of calls) {
    const answer = await engine.served.call(name, input as never);
    trial.expect(
      !answer.ok,
      `${name} took a path or a name that leads elsewhere.`,
      JSON.stringify(input).slice(0, 200),
    );
  }
  trial.saw('calls with a hostile path or name that were refused', calls.length);
  const links = [...hostilePaths(out), ...hostileNames].flatMap((path) => [
    `signalbox://run/${path}`,
    `signalbox://${path}`,
    `signalbox://workflow/${path}/x`,
    `signalbox://agent/${encodeURIComponent(`../${path}`)}`,
  ]);
  for (const link of links) {
    const route = routeOfLink(link) ?? routeOfArguments(['signalbox', link]);
    trial.expect(route === null || /^\/[a-z]*$/.test(route), 'A link leads elsewhere.', [link.slice(0, 80), route]);
  }
  trial.saw('hostile links', links.length);
}

async function swapTrial(trial: Trial): Promise<void> {
  const { engine, out, look } = await openPlace(trial);
  const before = look();
  const source = `
name: swap
stages:
  - { name: make, run: ["/bin/sh", "-c", "mkdir work"] }
  - { name: swap, run: ["/bin/sh", "-c", "rmdir work; ln -s ${out} work"] }
  - { name: use, folder: work, run: ["/bin/sh", "-c", "touch escaped"] }
`;
  const run = await engine.startWorkflow(source);
  const { stages } = await engine.runEnd(run.id);
  trial.expect(stages[1]?.state === 'completed', 'The folder was not swapped.', stages[1]?.failure);
  await trial.hold(nothingChangedOutside(before, look()));
  trial.expect(stages[2]?.state === 'failed', 'A stage worked behind a link.', stages[2]?.state);
  trial.saw('folders that were swapped for a link');
  const { task } = await engine.runTask(commandTask(['/bin/true']));
  await parkAndHold(trial, engine, [task.id]);
}
