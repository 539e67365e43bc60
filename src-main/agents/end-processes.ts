import type { ProcessIdentity } from '../contract/task.ts';
import type { ReapReport } from '../core/ports.ts';
import type { FoundProcess, ProcessQuery, ProcessTable } from './process-table.ts';

/** Processes that are killed may need this long to disappear, e.g. while they write to a slow disk. */
const killTimeoutMs = 3_000;
/** More processes than an agent has any use for: they are all suspended before any is killed, lest they outrun us. */
const manyProcesses = 16;
const maxSuspendRounds = 20;
const firstLookMs = 10;
const nextLooksMs = 50;

/**
 * Ends every process that meets the query, until none is found: SIGTERM and `graceMs` to react, then SIGKILL.
 *
 * @param options.graceMs 0: SIGKILL at once
 * @param options.spared PIDs that are left alone
 */
export async function endProcesses(options: {
  readonly table: ProcessTable;
  readonly query: ProcessQuery;
  readonly graceMs: number;
  readonly spared?: readonly number[];
}): Promise<ReapReport> {
  const { table, graceMs } = options;
  const seen = new Map<string, ProcessIdentity>();
  const find = async () => {
    const found = (await table.find(options.query)).filter(({ pid }) => options.spared?.includes(pid) !== true);
    for (const { pid, startMark } of found) {
      seen.set(`${pid} ${startMark}`, { pid, startMark });
    }
    return found;
  };
  let found: readonly FoundProcess[] = await find();
  if (found.length > 0 && graceMs > 0) {
    await signalAll(table, found, 'SIGTERM');
    found = await waitUntilGone(find, graceMs);
  }
  const refused = new Set<number>();
  const deadline = performance.now() + killTimeoutMs;
  while (found.length > 0 && performance.now() < deadline) {
    found = found.length > manyProcesses ? await suspendAll(table, found, find) : found;
    for (const process of found) {
      if ((await table.signal(process, 'SIGKILL')) === 'refused') {
        refused.add(process.pid);
      }
    }
    found = await waitUntilGone(find, nextLooksMs);
  }
  const left = found.map(({ pid, startMark }) => ({
    process: { pid, startMark },
    reason: refused.has(pid) ? 'It may not be signalled by this user.' : 'It did not end after SIGKILL.',
  }));
  const ended = [...seen.values()].filter(({ pid, startMark }) =>
    left.every(({ process }) => process.pid !== pid || process.startMark !== startMark),
  );
  return { ended, left };
}

/** Suspends processes and those they started meanwhile, until no new ones appear. */
async function suspendAll(table: ProcessTable, first: readonly FoundProcess[], find: () => Promise<FoundProcess[]>) {
  let found = first;
  for (let round = 0; round < maxSuspendRounds; round += 1) {
    const running = found.filter(({ stopped }) => !stopped);
    if (running.length === 0) {
      break;
    }
    await signalAll(table, running, 'SIGSTOP');
    found = await find();
  }
  return found;
}

async function signalAll(table: ProcessTable, processes: readonly FoundProcess[], signal: NodeJS.Signals) {
  for (const process of processes) {
    await table.signal(process, signal);
  }
}

/** Looks again and again. @returns what is still there after the time, or nothing. */
async function waitUntilGone(find: () => Promise<FoundProcess[]>, timeoutMs: number): Promise<FoundProcess[]> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = firstLookMs; ; pauseMs = nextLooksMs) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, timeoutMs)));
    const found = await find();
    if (found.length === 0 || performance.now() >= deadline) {
      return found;
    }
  }
}
