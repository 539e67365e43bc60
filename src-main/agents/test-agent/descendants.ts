import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { BehaviourOf } from './behaviour.ts';

type ForkOptions = Pick<BehaviourOf<'fork'>, 'how' | 'count' | 'forMs' | 'holdPipe' | 'stubborn'>;

/** Sleeps for a bounded time; `stubborn` ignores the polite signals. */
const SLEEPER = `
const [ms, stubborn] = process.argv.slice(1);
if (stubborn === 'true') {
  process.on('SIGTERM', () => {});
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
}
setTimeout(() => process.exit(), Number(ms));
`;

/** Starts the sleeper in a session of its own and ends at once, which leaves the sleeper without a parent. */
const DOUBLE_FORK = `
const { spawn } = require('node:child_process');
const [sleeper, ms, stubborn, holdPipe] = process.argv.slice(1);
const stdio = holdPipe === 'true' ? ['ignore', 3, 4] : 'ignore';
const child = spawn(process.execPath, ['--eval', sleeper, ms, stubborn], { detached: true, stdio });
child.unref();
console.log(child.pid);
`;

/**
 * Starts descendants that outlive this process for at most `forMs`: in our process group, in sessions of their own,
 * or orphaned by a double fork. With `holdPipe` they keep our standard output and error open.
 * Returns their process ids once they have started.
 */
export async function startDescendants(options: ForkOptions): Promise<number[]> {
  const start = options.how === 'double' ? startOrphan : startChild;
  return Promise.all(Array.from({ length: options.count }, () => start(options)));
}

async function startChild({ how, forMs, holdPipe, stubborn }: ForkOptions): Promise<number> {
  const child = spawn(process.execPath, ['--eval', SLEEPER, String(forMs), String(stubborn)], {
    detached: how === 'session',
    stdio: holdPipe ? ['ignore', 'inherit', 'inherit'] : 'ignore',
    env: asNode(),
  });
  await once(child, 'spawn');
  child.unref();
  return Number(child.pid);
}

async function startOrphan({ forMs, holdPipe, stubborn }: ForkOptions): Promise<number> {
  const pipes = holdPipe ? [1, 2] : [];
  const args = ['--eval', DOUBLE_FORK, SLEEPER, String(forMs), String(stubborn), String(holdPipe)];
  const middle = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore', ...pipes], env: asNode() });
  const [text] = await once(middle.stdout as Readable, 'data');
  return Number(String(text));
}

function asNode(): NodeJS.ProcessEnv {
  return { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
}
