import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Run } from '../../contract/run.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { tellResumed } from '../other-work.ts';
import { createPaint } from '../paint.ts';
import { badInput } from '../refused.ts';
import { plainText } from '../safe-text.ts';
import { shortId } from '../short-ids.ts';
import { startRun, watchToEnd } from './run-workflow.ts';

export interface DemoOptions extends CommonOptions {
  readonly folder?: string;
}

const name = 'calculator-app';
const requirements = 'A calculator for the command line and over HTTP: add, subtract, multiply and divide.';

/** `signalbox demo`: builds an application before the person's eyes, in a folder where it is easily found. */
export async function runDemo(context: CliContext, options: DemoOptions): Promise<number> {
  const folder = await makeFolder(context, options.folder);
  if (options.json !== true) introduce(context, folder);
  const reached = await context.reach('work', options);
  try {
    await tellResumed(context, reached);
    const input = [`name=${name}`, `requirements=${requirements}`];
    const run = await startRun(context, reached, 'app', { ...options, input, folder });
    return await watchToEnd(context, options, reached, run, (ended) => closing(context, ended));
  } catch (error) {
    await reached.close();
    throw error;
  }
}

async function makeFolder({ cwd, now }: CliContext, chosen: string | undefined): Promise<string> {
  const stamp = new Date(now()).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  const folder = chosen === undefined ? join(cwd, 'signalbox-demo', stamp) : resolve(cwd, chosen);
  try {
    await mkdir(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw badInput(
      `The folder ${folder} cannot be made: ${(error as Error).message}.`,
      'Choose another with --folder.',
    );
  }
}

function introduce({ terminal }: CliContext, folder: string): void {
  const paint = createPaint(terminal.colour);
  terminal.print(paint('strong', 'Signalbox demonstration'));
  terminal.print(
    'Seven stages, done by five agents that run as processes of their own: they write a small calculator,',
  );
  terminal.print('check it, test it, call it over HTTP, pack it, install it and watch it. No network, no key.');
  terminal.print(paint('muted', `In ${plainText(folder)}`));
  terminal.print();
}

/** What to do next, word for word. */
function closing({ terminal, env }: CliContext, run: Run): string[] {
  const paint = createPaint(terminal.colour);
  // Under `npm run demo` the command is not on the PATH.
  const signalbox = env.npm_lifecycle_event === undefined ? 'signalbox' : 'node bin/signalbox.mjs';
  const short = shortId(run.id);
  const current = run.stages.find((stage) => stage.name === 'deployment')?.outputs?.current;
  if (run.state !== 'completed' || typeof current !== 'string') {
    return [
      '',
      `See why: ${signalbox} show ${short}   ${signalbox} logs ${short}`,
      `Try again: ${signalbox} retry ${short}`,
    ];
  }
  const program = quoted(join(current, 'bin', `${name}.mjs`));
  return [
    '',
    paint('strong', 'start what was built'),
    `  node ${program} serve --port 8080`,
    `  ${paint('muted', 'then open http://127.0.0.1:8080/add?a=2&b=3, or without a server:')}`,
    `  node ${program} add 2 3`,
    '',
    paint('strong', 'look closer'),
    `  ${signalbox} show ${short}`,
    `  ${signalbox} logs ${short}`,
    `  ${signalbox} events --run ${short}`,
  ];
}

/** A path as one word for a shell, in double quotes where it needs them. */
function quoted(path: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `"${path.replaceAll('"', '\\"')}"`;
}
